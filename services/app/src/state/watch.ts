// Watching one order: a long-poll, plain polling where that does not work, until nothing can change any more. As the
// simulator's clients watch (sim/world/client_part.cc, `watched`).
import type { Order } from '../api/orders';
import type { Answer } from '../api/problem';
import { retryWaitMs, verdictOf } from '../outbox/retry';

export const kPollMs = 2_000;
const kPollsBeforeWaiting = 15; // after a long-poll that did not work

export interface Asking {
  get(id: string, signal: AbortSignal): Promise<Answer<Order>>;
  wait(id: string, version: number, signal: AbortSignal): Promise<Answer<Order>>;
  sleep(ms: number, signal: AbortSignal): Promise<void>; // resolves early when aborted
}

export type Seen = { order: Order } | { trouble: Answer<Order> };

// Tells every answer that says something new, until `signal` or a refusal ends it. An order that is CANCELLED stays so.
export async function watch(id: string, asking: Asking, signal: AbortSignal, tell: (seen: Seen) => void): Promise<void> {
  let version = 0;
  let polls = 0; // still to be made before the next long-poll
  let lost = 0;
  while (!signal.aborted) {
    const waits = version > 0 && polls === 0;
    const answer = waits ? await asking.wait(id, version, signal) : await asking.get(id, signal);
    if (signal.aborted) return;
    const verdict = verdictOf(answer);
    if (verdict === 'done') {
      lost = 0;
      // Of two versions the newer one counts, in whatever order the answers come.
      if (answer.kind === 'ok' && answer.value.version > version) {
        version = answer.value.version;
        tell({ order: answer.value });
        if (answer.value.status === 'CANCELLED') return;
      }
      if (waits || polls === 0) continue;
      polls -= 1;
      await asking.sleep(kPollMs, signal);
      continue;
    }
    tell({ trouble: answer });
    if (verdict !== 'again') return;
    if (waits) polls = kPollsBeforeWaiting;
    lost += 1;
    await asking.sleep(answer.kind === 'lost' ? retryWaitMs(lost) : kPollMs, signal);
  }
}

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
