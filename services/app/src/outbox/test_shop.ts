// A shop behind a bad network, for the outbox's tests: it keeps orders by key as Orders does (domain/api), and everything
// that can go wrong between is said in advance.
import type { Order } from '../api/orders';
import type { Answer } from '../api/problem';
import type { Entry } from './entry';

export type Fault =
  | 'none'
  | 'request lost'
  | 'answer lost'
  | 'overloaded' // nothing was done, and that is said
  | 'deadline' // done, or not: not known
  | 'deadline, done'
  | 'tab closed before'
  | 'tab closed after';

export class TabClosed extends Error {}

export class TestShop {
  readonly orders = new Map<string, Order>(); // by subject and key
  posts = 0;
  constructor(private readonly faults: Fault[] = []) {}

  // Nothing goes wrong any more.
  heal(): void {
    this.faults.length = 0;
  }

  async place(entry: Entry): Promise<Answer<Order>> {
    this.posts += 1;
    return this.through(() => {
      const name = `${entry.user}/${entry.key}`;
      const order: Order = this.orders.get(name) ?? {
        orderId: `order of ${name}`, userId: entry.user, status: 'PENDING', items: entry.items, version: 1, createdAt: '', updatedAt: '',
      };
      this.orders.set(name, order);
      return order;
    });
  }

  async cancel(orderId: string): Promise<Answer<Order>> {
    return this.through(() => {
      const found = [...this.orders].find(([, order]) => order.orderId === orderId);
      if (found === undefined) throw new Error('cancels what was never ordered');
      const order: Order = { ...found[1], status: 'CANCELLED', reason: 'CUSTOMER', version: found[1].version + 1 };
      this.orders.set(found[0], order);
      return order;
    });
  }

  private async through(work: () => Order): Promise<Answer<Order>> {
    const fault = this.faults.shift() ?? 'none';
    await Promise.resolve();
    const unavailable = (type: string, status: number): Answer<Order> => ({ kind: 'problem', problem: { type, status } });
    if (fault === 'request lost') return { kind: 'lost' };
    if (fault === 'overloaded') return unavailable('overloaded', 503);
    if (fault === 'deadline') return unavailable('deadline-passed', 504);
    if (fault === 'tab closed before') throw new TabClosed();
    const order = work();
    if (fault === 'tab closed after') throw new TabClosed();
    if (fault === 'answer lost') return { kind: 'lost' };
    if (fault === 'deadline, done') return unavailable('deadline-passed', 504);
    return { kind: 'ok', status: 201, value: order };
  }
}
