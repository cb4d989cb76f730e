import { describe, expect, it } from 'vitest';
import type { Order, OrderStatus } from '../api/orders';
import type { Answer } from '../api/problem';
import { kPollMs, watch, type Asking, type Seen } from './watch';

function order(version: number, status: OrderStatus): Answer<Order> {
  return { kind: 'ok', status: 200, value: { orderId: 'o', userId: 'u', status, items: [], version, createdAt: '', updatedAt: '' } };
}
const unavailable: Answer<Order> = { kind: 'problem', problem: { type: 'overloaded', status: 503 } };

// Answers in their order; every call and sleep is written down.
async function watched(answers: Answer<Order>[]): Promise<{ log: string[]; seen: Seen[] }> {
  const log: string[] = [];
  const seen: Seen[] = [];
  const ending = new AbortController();
  const next = () => {
    const answer = answers.shift();
    if (answer === undefined) ending.abort();
    return answer ?? unavailable;
  };
  const asking: Asking = {
    get: async () => (log.push('get'), next()),
    wait: async (_id, version) => (log.push(`wait ${version}`), next()),
    sleep: async (ms) => void log.push(`sleep ${ms}`),
  };
  await watch('o', asking, ending.signal, (what) => seen.push(what));
  return { log, seen };
}

describe('watching an order', () => {
  it('asks once, then waits for news, until nothing can change', async () => {
    const { log, seen } = await watched([order(1, 'PENDING'), { kind: 'same' }, order(2, 'CONFIRMED'), order(3, 'CANCELLED')]);
    expect(log).toEqual(['get', 'wait 1', 'wait 1', 'wait 2']);
    expect(seen.map((what) => ('order' in what ? what.order.status : '?'))).toEqual(['PENDING', 'CONFIRMED', 'CANCELLED']);
  });

  it('falls back to polling where waiting does not work, and comes back to it', async () => {
    const polls = Array.from({ length: 15 }, () => order(1, 'PENDING'));
    const { log } = await watched([order(1, 'PENDING'), unavailable, ...polls, order(2, 'CONFIRMED')]);
    expect(log.slice(0, 4)).toEqual(['get', 'wait 1', `sleep ${kPollMs}`, 'get']);
    expect(log.filter((line) => line === 'get')).toHaveLength(16);
    expect(log.at(-2)).toBe('wait 1');
  });

  it('is patient with a network that is away', async () => {
    const { log, seen } = await watched([{ kind: 'lost' }, { kind: 'lost' }, order(1, 'CANCELLED')]);
    expect(log).toEqual(['get', 'sleep 1000', 'get', 'sleep 2000', 'get']);
    expect(seen).toHaveLength(3);
  });

  it('ends with a refusal', async () => {
    const { log } = await watched([{ kind: 'problem', problem: { type: 'no-such-order', status: 404 } }]);
    expect(log).toEqual(['get']);
  });

  it('never goes back to an older version', async () => {
    const { seen } = await watched([order(2, 'CONFIRMED'), order(1, 'PENDING'), order(3, 'CANCELLED')]);
    expect(seen.map((what) => ('order' in what ? what.order.version : 0))).toEqual([2, 3]);
  });
});
