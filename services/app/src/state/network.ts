// Whether there is a network. What the browser says of it is a hint: it also says "offline" on a machine that has nothing but
// itself, where our server may be. So a request that was answered counts for more.
import { signal } from '@preact/signals';

const saysOffline = (): boolean => typeof navigator !== 'undefined' && navigator.onLine === false;

export const online = signal(!saysOffline());

let wentOffline = 0; // when the browser last said so; by performance.now

// A request that was begun then has been answered, or not.
export function heard(begun: number): void {
  if (begun > wentOffline) online.value = true;
}
export function unheard(): void {
  if (saysOffline()) online.value = false;
}

// For where it matters: asks for something that does no harm before it says no.
export async function connected(): Promise<boolean> {
  if (online.peek()) return true;
  const begun = performance.now();
  try {
    await fetch('/healthz', { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(5000) });
    heard(begun);
    return true;
  } catch {
    return false;
  }
}

export function followNetwork(back: () => void): void {
  addEventListener('online', () => {
    online.value = true;
    back();
  });
  addEventListener('offline', () => {
    wentOffline = performance.now();
    online.value = false;
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') back();
  });
}
