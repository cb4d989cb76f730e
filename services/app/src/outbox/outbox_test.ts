import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from './entry';
import { Outbox, type World } from './outbox';
import { openStore, type Store } from './store';
import { TabClosed, TestShop, type Fault } from './test_shop';

const kItems = [{ sku: 'burger', quantity: 2 }];

// A tab: its outbox, its timer, and whether it is still open. Tabs share the store, as tabs of one browser do, and the lock.
class Tab {
  later: (() => void) | null = null;
  open = true;
  connected = true;
  entries: Entry[] = [];
  readonly outbox: Outbox;

  constructor(store: Store, shop: TestShop, locks: { last: Promise<unknown> } | null) {
    // What a closed tab would do next never comes: its promises never end.
    const whileOpen = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        if (!(error instanceof TabClosed)) throw error;
        this.close();
        return new Promise<T>(() => {});
      }
    };
    const world: World = {
      place: (entry) => whileOpen(shop.place(entry)),
      cancel: (id) => whileOpen(shop.cancel(id)),
      mayBeSent: () => true,
      connected: async () => this.connected,
      alone: (work) => {
        if (locks === null) return work();
        // The lock of a closed tab is let go by the browser.
        const mine = locks.last.then(() => (this.open ? work() : (undefined as never)));
        locks.last = Promise.race([mine.catch(() => {}), this.closed]);
        return mine;
      },
      later: (_ms, then) => {
        this.later = then;
      },
      changed: (entries) => {
        this.entries = entries;
      },
    };
    this.outbox = new Outbox(store, world);
  }

  private end!: () => void;
  readonly closed = new Promise<void>((resolve) => {
    this.end = resolve;
  });
  close(): void {
    this.open = false;
    this.end();
  }
}

let stores = 0;
let store: Store;
beforeEach(async () => {
  store = await openStore(`outbox ${++stores}`);
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
// IndexedDB takes a few turns of the event loop for each step.
async function rest(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await settled();
}

describe('the outbox', () => {
  it('keeps what was ordered, and sends it', async () => {
    const shop = new TestShop();
    const tab = new Tab(store, shop, null);
    await tab.outbox.add('k1', 'u1', true, kItems, 1);
    await rest();
    expect(store.lasting).toBe(true);
    expect(shop.orders.get('u1/k1')?.items).toEqual(kItems);
    expect(await store.all()).toMatchObject([{ key: 'k1', state: 'sent', orderId: 'order of u1/k1', inDoubt: false }]);
  });

  it('sends nothing while there is no network, and remembers it for the next visit', async () => {
    const shop = new TestShop();
    const tab = new Tab(store, shop, null);
    tab.connected = false;
    await tab.outbox.add('k1', 'u1', true, kItems, 1);
    await rest();
    expect(shop.posts).toBe(0);
    tab.close();

    const next = new Tab(store, shop, null);
    await next.outbox.send();
    expect(shop.orders.size).toBe(1);
  });

  it('sends again with the same key where the answer was lost, and gets the same order', async () => {
    const shop = new TestShop(['answer lost', 'none']);
    const tab = new Tab(store, shop, null);
    await tab.outbox.add('k1', 'u1', true, kItems, 1);
    await rest();
    expect(await store.all()).toMatchObject([{ state: 'waiting', inDoubt: true, attempts: 1 }]);
    tab.later!();
    await rest();
    expect(shop.posts).toBe(2);
    expect(shop.orders.size).toBe(1);
    expect(await store.all()).toMatchObject([{ state: 'sent' }]);
  });

  it('is one order where the same basket is placed twice, from whichever tab', async () => {
    const shop = new TestShop();
    const tabs = [new Tab(store, shop, null), new Tab(store, shop, null)];
    await Promise.all(tabs.map((tab) => tab.outbox.add('k1', 'u1', true, kItems, 1)));
    await rest();
    await tabs[0]!.outbox.add('k1', 'u1', true, kItems, 2);
    await rest();
    expect(shop.orders.size).toBe(1);
    expect(await store.all()).toMatchObject([{ key: 'k1', state: 'sent', placedAt: 1 }]);
  });

  it('keeps the order in which was ordered', async () => {
    const shop = new TestShop();
    const tab = new Tab(store, shop, null);
    tab.connected = false;
    await tab.outbox.add('k2', 'u1', true, kItems, 20);
    await tab.outbox.add('k1', 'u1', true, kItems, 10);
    await rest();
    tab.connected = true;
    await tab.outbox.send();
    expect([...shop.orders.keys()]).toEqual(['u1/k1', 'u1/k2']);
  });

  it('forgets what is withdrawn before anything was sent', async () => {
    const shop = new TestShop();
    const tab = new Tab(store, shop, null);
    tab.connected = false;
    await tab.outbox.add('k1', 'u1', true, kItems, 1);
    await tab.outbox.withdraw('k1');
    tab.connected = true;
    await tab.outbox.send();
    expect(shop.posts).toBe(0);
    expect(await store.all()).toEqual([]);
  });

  it('cancels what is withdrawn when it may have got through already', async () => {
    const shop = new TestShop(['answer lost', 'none', 'none']);
    const tab = new Tab(store, shop, null);
    await tab.outbox.add('k1', 'u1', true, kItems, 1);
    await rest();
    await tab.outbox.withdraw('k1');
    await rest();
    expect(shop.orders.get('u1/k1')?.status).toBe('CANCELLED');
    expect(await store.all()).toEqual([]);
  });

  it('keeps its doubt of an earlier attempt when a later one was surely not done', async () => {
    const shop = new TestShop(['answer lost', 'overloaded']);
    const tab = new Tab(store, shop, null);
    await tab.outbox.add('k1', 'u1', true, kItems, 1);
    await rest();
    await tab.outbox.send();
    expect(await store.all()).toMatchObject([{ state: 'waiting', inDoubt: true, attempts: 2 }]);
    await tab.outbox.withdraw('k1');
    await rest();
    expect(shop.orders.get('u1/k1')?.status).toBe('CANCELLED');
  });

  it('keeps what was refused, with the reason, until the customer has seen it', async () => {
    const shop = new TestShop();
    shop.place = async () => ({ kind: 'problem', problem: { type: 'invalid-order', status: 422 } });
    const tab = new Tab(store, shop, null);
    await tab.outbox.add('k1', 'u1', true, kItems, 1);
    await rest();
    expect(await store.all()).toMatchObject([{ state: 'refused', problem: 'invalid-order' }]);
    await tab.outbox.forget('k1');
    expect(await store.all()).toEqual([]);
  });

  it('gives a guest’s order to who signs in, unless a server may have it', async () => {
    const shop = new TestShop();
    const tab = new Tab(store, shop, null);
    tab.connected = false;
    await tab.outbox.add('k1', 'guest-1', true, kItems, 1);
    await tab.outbox.add('k2', 'guest-1', true, kItems, 2);
    await store.change('k2', (entry) => ({ ...entry!, inDoubt: true }));
    await tab.outbox.adopt('ada');
    expect((await store.all()).map(({ key, user }) => [key, user])).toEqual([['k1', 'ada'], ['k2', 'guest-1']]);
  });
});

// --- Exactly once, whatever happens -----------------------------------------------------------------

const fault = fc.constantFrom<Fault>('none', 'request lost', 'answer lost', 'overloaded', 'deadline', 'deadline, done', 'tab closed before', 'tab closed after');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('order' as const), tab: fc.nat(1) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('send' as const), tab: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('withdraw' as const), tab: fc.nat(1), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('close' as const), tab: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('tunnel' as const), tab: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('rest' as const), tab: fc.nat(1) }) },
);

async function exactlyOnce(steps: { what: string; tab: number; which?: number }[], faults: Fault[], locked: boolean) {
  const store = await openStore(`property ${++stores}`);
  const shop = new TestShop([...faults]);
  const locks = locked ? { last: Promise.resolve() as Promise<unknown> } : null;
  const tabs = [new Tab(store, shop, locks), new Tab(store, shop, locks)];
  const tab = (at: number) => (tabs[at]!.open ? tabs[at]! : (tabs[at] = new Tab(store, shop, locks)));
  const ordered: string[] = [];
  const withdrawn = new Set<string>();
  for (const { what, tab: at, which } of steps) {
    if (what === 'order') {
      const key = `k${ordered.length}`;
      ordered.push(key);
      await tab(at).outbox.add(key, 'u1', true, kItems, ordered.length);
    } else if (what === 'send') void tab(at).outbox.send();
    else if (what === 'close') tab(at).close();
    else if (what === 'tunnel') tab(at).connected = !tab(at).connected;
    else if (what === 'rest') await settled();
    else {
      const key = ordered[which! % Math.max(ordered.length, 1)];
      const entry = (await store.all()).find((kept) => kept.key === key);
      // As the app allows it: what was sent is cancelled in another way.
      if (entry?.state === 'waiting') {
        const after = await tab(at).outbox.withdraw(key!);
        if (after === undefined || after.withdrawn) withdrawn.add(key!);
      }
    }
  }
  // The faults stop: one tab is opened and stays.
  for (const old of tabs) old.close();
  await rest();
  shop.heal();
  await new Tab(store, shop, null).outbox.send();
  for (const key of ordered) {
    const order = shop.orders.get(`u1/${key}`);
    if (withdrawn.has(key)) expect(order?.status ?? 'CANCELLED', `${key} was withdrawn`).toBe('CANCELLED');
    else expect(order?.status, `${key} was ordered`).toBe('PENDING');
  }
  expect(shop.orders.size).toBeLessThanOrEqual(ordered.length);
  expect((await store.all()).filter((entry) => entry.state !== 'sent')).toEqual([]);
}

describe('exactly once', () => {
  it.each([true, false])('whatever is lost, closed, or done from two tabs (with a lock: %s)', async (locked) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.array(fault, { maxLength: 25 }), (steps, faults) => exactlyOnce(steps, faults, locked)),
      { numRuns: 80 },
    );
  }, 120_000);
});
