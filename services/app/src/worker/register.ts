// Installs the service worker, and knows when a newer version of the app is there.
import { signal } from '@preact/signals';

export const newerVersion = signal<(() => void) | null>(null); // to be called to have it

// The page's policy allows scripts from this one address.
function trusted(url: string): string {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }).trustedTypes;
  return types ? types.createPolicy('quickbite', { createScriptURL: (text: string) => (text === '/sw.js' ? text : '') }).createScriptURL(url) : url;
}

export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  try {
    const registration = await navigator.serviceWorker.register(trusted('/sw.js'));
    const offer = (worker: ServiceWorker | null) => {
      if (worker === null || navigator.serviceWorker.controller === null) return;
      newerVersion.value = () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        worker.postMessage('take over');
      };
    };
    offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const fresh = registration.installing;
      fresh?.addEventListener('statechange', () => {
        if (fresh.state === 'installed') offer(fresh);
      });
    });
  } catch {
    // Without one the app works as long as there is a network.
  }
}
