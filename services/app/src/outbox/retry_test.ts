import { describe, expect, it } from 'vitest';
import type { Answer } from '../api/problem';
import { kRetryCapMs, kRetryMs, retryWaitMs, surelyNotDone, verdictOf, waitAfter } from './retry';

function problem(status: number, type = 'unknown', retryAfterMs?: number): Answer<never> {
  return { kind: 'problem', problem: { status, type }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

describe('retrying', () => {
  it('doubles the wait, up to its cap', () => {
    expect([1, 2, 3, 4, 5].map(retryWaitMs)).toEqual([1000, 2000, 4000, 8000, 16000]);
    expect(retryWaitMs(6)).toBe(kRetryCapMs);
    expect(retryWaitMs(10_000)).toBe(kRetryCapMs);
    expect(retryWaitMs(0)).toBe(kRetryMs);
  });

  it('waits as long as the server wishes, where that is longer', () => {
    expect(waitAfter(problem(503, 'overloaded', 5000), 1)).toBe(5000);
    expect(waitAfter(problem(503, 'overloaded', 500), 1)).toBe(1000);
    expect(waitAfter({ kind: 'lost' }, 3)).toBe(4000);
  });

  it('is over with a success or a refusal, and goes on for everything else', () => {
    expect(verdictOf({ kind: 'ok', status: 201, value: null })).toBe('done');
    expect(verdictOf({ kind: 'same' })).toBe('done');
    expect(verdictOf({ kind: 'lost' })).toBe('again');
    for (const status of [400, 403, 404, 413, 415, 422]) expect(verdictOf(problem(status)), `${status}`).toBe('refused');
    for (const status of [408, 429, 500, 502, 503, 504]) expect(verdictOf(problem(status)), `${status}`).toBe('again');
    expect(verdictOf(problem(401))).toBe('sign in');
  });

  it('takes nothing for undone but what the server said it did not do', () => {
    expect(surelyNotDone(problem(503, 'overloaded'))).toBe(true);
    expect(surelyNotDone(problem(503, 'stopping'))).toBe(true);
    expect(surelyNotDone(problem(429))).toBe(true);
    expect(surelyNotDone(problem(401))).toBe(true);
    expect(surelyNotDone(problem(503, 'dropped'))).toBe(false);
    expect(surelyNotDone(problem(503))).toBe(false);
    expect(surelyNotDone(problem(504, 'deadline-passed'))).toBe(false);
    expect(surelyNotDone(problem(500, 'internal'))).toBe(false);
    expect(surelyNotDone({ kind: 'lost' })).toBe(false);
  });
});
