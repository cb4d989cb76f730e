// When a request is sent again, and when not: the rules of the simulator's clients (sim/world/client_part.cc), which
// docs/app.md compares line by line. Pure.
import type { Answer } from '../api/problem';

export const kRetryMs = 1_000; // before the second attempt, doubled for each further one
export const kRetryCapMs = 30_000; // at most

// After so many attempts.
export function retryWaitMs(attempt: number): number {
  let wait = kRetryMs;
  while (attempt-- > 1 && wait < kRetryCapMs) wait *= 2;
  return Math.min(wait, kRetryCapMs);
}

export type Verdict =
  | 'done'
  | 'refused' // it will never be taken
  | 'again' // with the same key
  | 'sign in'; // and then again

export function verdictOf(answer: Answer<unknown>): Verdict {
  if (answer.kind === 'ok' || answer.kind === 'same') return 'done';
  if (answer.kind === 'lost') return 'again';
  const { status } = answer.problem;
  if (status === 401) return 'sign in';
  // Too slow, too often: both say that the same request may come again.
  if (status === 408 || status === 429) return 'again';
  return status >= 400 && status < 500 ? 'refused' : 'again';
}

// Whether the server has said that it did nothing; else it may have, and an order may be there.
export function surelyNotDone(answer: Answer<unknown>): boolean {
  if (answer.kind !== 'problem') return false;
  const { type, status } = answer.problem;
  if (status >= 400 && status < 500) return true;
  return status === 503 && (type === 'overloaded' || type === 'stopping');
}

// The server's wish counts where it is the longer one.
export function waitAfter(answer: Answer<unknown>, attempt: number): number {
  const wish = answer.kind === 'problem' ? (answer.retryAfterMs ?? 0) : 0;
  return Math.max(retryWaitMs(attempt), Math.min(wish, 10 * kRetryCapMs));
}
