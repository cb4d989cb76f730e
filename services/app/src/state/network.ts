// Whether the device has a network at all; that the server can be reached is known only by asking it.
import { signal } from '@preact/signals';

export const online = signal(typeof navigator === 'undefined' || navigator.onLine !== false);

export function followNetwork(back: () => void): void {
  addEventListener('online', () => {
    online.value = true;
    back();
  });
  addEventListener('offline', () => {
    online.value = false;
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') back();
  });
}
