// The outbox: keeps what was ordered, sends each of it until the server has answered, one tab at a time.
//
// Exactly once: the key is the entry's for ever, and one key is one order at the server; so whatever is sent twice (by two
// tabs, after a lost answer, after the tab was closed in the middle of it) is one order.
import type { Line, Order } from '../api/orders';
import type { Answer } from '../api/problem';
import { adopted, answered, begun, cancelled, duty, newEntry, withdrawn, type Change, type Entry } from './entry';
import { kRetryCapMs, verdictOf, waitAfter } from './retry';
import type { Store } from './store';

export interface World {
  place(entry: Entry): Promise<Answer<Order>>;
  cancel(orderId: string): Promise<Answer<Order>>;
  mayBeSent(entry: Entry): boolean; // by whoever is signed in
  connected(): Promise<boolean>; // false: an attempt is certainly no use
  alone<T>(work: () => Promise<T>): Promise<T>; // not at once with another tab
  later(ms: number, then: () => void): void; // in place of what was to be done later
  changed(entries: Entry[]): void; // for this tab and, by its doing, for the others
}

const kSentKeptMs = 24 * 3600 * 1000; // for pages that still name an order by its key

export class Outbox {
  private sending: Promise<void> | null = null;
  private askedAgain = false;
  private attemptsInVain = 0;

  constructor(
    private readonly store: Store,
    private readonly world: World,
  ) {}

  get lasting(): boolean {
    return this.store.lasting;
  }

  // Resolves when it is kept, which is before anything is sent. One key is one entry: what is there already stays as it is.
  async add(key: string, user: string, guest: boolean, items: Line[], now: number): Promise<Entry> {
    const entry = newEntry(key, user, guest, items, now);
    const there = await this.change(key, (before) => before ?? entry);
    void this.send();
    return there!;
  }

  async withdraw(key: string): Promise<Entry | undefined> {
    const entry = await this.change(key, withdrawn);
    void this.send();
    return entry;
  }

  // Of one that was refused, or sent.
  forget(key: string): Promise<unknown> {
    return this.change(key, (entry) => (entry !== undefined && duty(entry) === 'nothing' ? undefined : entry));
  }

  async adopt(user: string): Promise<void> {
    for (const entry of await this.store.all()) await this.store.change(entry.key, adopted(user));
    await this.tell();
  }

  async forgetOld(now: number): Promise<void> {
    for (const { key, placedAt } of await this.store.all()) {
      if (now - placedAt > kSentKeptMs) {
        await this.store.change(key, (entry) => (entry?.state === 'sent' && duty(entry) === 'nothing' ? undefined : entry));
      }
    }
    await this.tell();
  }

  async tell(): Promise<void> {
    this.world.changed((await this.store.all()).sort((a, b) => a.placedAt - b.placedAt));
  }

  // Sends what waits, in its order. Asked while it sends, it looks once more afterwards. Never rejects.
  send(): Promise<void> {
    this.askedAgain = true;
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    while (this.askedAgain) {
      this.askedAgain = false;
      try {
        await this.world.alone(() => this.pass());
      } catch {
        this.world.later(waitAfter({ kind: 'lost' }, ++this.attemptsInVain), () => void this.send());
      }
    }
  }

  private async pass(): Promise<void> {
    for (const entry of (await this.store.all()).sort((a, b) => a.placedAt - b.placedAt)) {
      if (duty(entry) === 'nothing' || !this.world.mayBeSent(entry)) continue;
      if (!(await this.world.connected())) {
        this.world.later(kRetryCapMs, () => void this.send()); // the network's return asks sooner
        return;
      }
      const answer = duty(entry) === 'send' ? await this.sendOne(entry.key) : await this.cancelOne(entry);
      if (answer === null) continue;
      const verdict = verdictOf(answer);
      if (verdict === 'sign in') return; // whoever signs in asks
      if (verdict === 'again') {
        this.world.later(waitAfter(answer, ++this.attemptsInVain), () => void this.send());
        return;
      }
      this.attemptsInVain = 0;
    }
  }

  // Null: there was nothing to do after all.
  private async sendOne(key: string): Promise<Answer<Order> | null> {
    let doubtful = false;
    const entry = await this.change(key, (before) => {
      doubtful = before?.inDoubt ?? false;
      return begun(before);
    });
    if (entry === undefined || duty(entry) !== 'send') return null;
    const answer = await this.world.place(entry);
    const after = await this.change(key, answered(answer, entry.attempts, doubtful));
    // Not wanted any more: the cancel comes at once.
    if (after !== undefined && duty(after) === 'cancel') return this.cancelOne(after);
    return answer;
  }

  private async cancelOne(entry: Entry): Promise<Answer<Order>> {
    const answer = await this.world.cancel(entry.orderId!);
    await this.change(entry.key, cancelled(answer));
    return answer;
  }

  private async change(key: string, change: Change): Promise<Entry | undefined> {
    const after = await this.store.change(key, change);
    await this.tell();
    return after;
  }
}
