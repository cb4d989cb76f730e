// This tab's outbox, and what it holds for the views.
import { signal } from '@preact/signals';
import { cancelOrder, placeOrder } from '../api/orders';
import type { Entry } from '../outbox/entry';
import { Outbox, type World } from '../outbox/outbox';
import { openStore } from '../outbox/store';
import { basket, basketKey, emptyBasket } from './basket';
import { connected } from './network';
import { isGuest, token, user } from './session';

export const entries = signal<Entry[]>([]);
export const outboxLasts = signal(true);

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('quickbite.outbox');
let timer: ReturnType<typeof setTimeout> | undefined;
let told = '';

const world: World = {
  place: (entry) => placeOrder(entry.user, entry.items, entry.key),
  cancel: cancelOrder,
  // Without a token the server says itself whether it wants one.
  mayBeSent: (entry) => token.peek() === null || entry.user === user.peek(),
  connected,
  // Web Locks are for secure contexts; without them the key alone keeps what is sent twice from being two orders.
  alone: (work) => (navigator.locks ? (navigator.locks.request('quickbite.outbox', work) as ReturnType<typeof work>) : work()),
  later(ms, then) {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  },
  changed(all) {
    entries.value = all;
    const text = JSON.stringify(all);
    if (text !== told) channel?.postMessage(null);
    told = text;
  },
};

const opened = openStore().then((store) => {
  outboxLasts.value = store.lasting;
  return new Outbox(store, world);
});

export async function startOutbox(): Promise<void> {
  const outbox = await opened;
  channel?.addEventListener('message', () => void outbox.tell());
  await outbox.forgetOld(Date.now());
  if (entries.peek().some(({ key }) => key === basketKey.peek())) emptyBasket();
  void outbox.send();
}

// The basket becomes an order, which is kept when this resolves with its key.
export async function orderBasket(): Promise<string> {
  const key = basketKey.peek();
  await (await opened).add(key, user.peek(), isGuest.peek(), basket.peek(), Date.now());
  emptyBasket();
  return key;
}

export async function withdraw(key: string): Promise<void> {
  await (await opened).withdraw(key);
}

export async function forget(key: string): Promise<void> {
  await (await opened).forget(key);
}

export async function sendNow(): Promise<void> {
  await (await opened).send();
}

// Somebody has signed in.
export async function adopt(name: string): Promise<void> {
  const outbox = await opened;
  await outbox.adopt(name);
  void outbox.send();
}
