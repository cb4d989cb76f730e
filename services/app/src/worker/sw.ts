// The service worker: keeps the app's own files, so that it opens without a network. It never answers for the API.
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { pages } from '../pages';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    allowlist: Object.values(pages).map((path) => new RegExp(`^${path}(\\?|$)`)),
  }),
);

// The first one serves the page that installed it; a later one waits until the customer wants it.
clientsClaim();
self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting();
});
