// The browser's offer to put the app on the home screen, kept for when the customer asks for it.
import { signal } from '@preact/signals';

interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

export const installable = signal<(() => void) | null>(null);

export function followInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    installable.value = () => {
      installable.value = null;
      void (event as InstallEvent).prompt();
    };
  });
  addEventListener('appinstalled', () => {
    installable.value = null;
  });
}
