// One request to the API: same origin, JSON, bounded in time, with the token where there is one.
import { heard, unheard } from '../state/network';
import { refuseToken, token } from '../state/session';
import { problemOf, retryAfterMs, type Answer } from './problem';

export interface Asking {
  method?: 'GET' | 'POST';
  body?: unknown;
  key?: string; // Idempotency-Key
  timeoutMs?: number;
  signal?: AbortSignal;
}

const kTimeoutMs = 10_000; // the server itself answers 504 after five seconds

export async function ask<T>(path: string, asking: Asking = {}): Promise<Answer<T>> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), asking.timeoutMs ?? kTimeoutMs);
  const end = () => ending.abort();
  asking.signal?.addEventListener('abort', end);
  if (asking.signal?.aborted) end();
  const begun = performance.now();
  try {
    const answer = await answerOf<T>(path, asking, ending.signal);
    heard(begun);
    return answer;
  } catch {
    unheard();
    return { kind: 'lost' };
  } finally {
    clearTimeout(timer);
    asking.signal?.removeEventListener('abort', end);
  }
}

async function answerOf<T>(path: string, asking: Asking, signal: AbortSignal): Promise<Answer<T>> {
  const shown = token.peek();
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (asking.body !== undefined) headers['Content-Type'] = 'application/json';
  if (asking.key) headers['Idempotency-Key'] = asking.key;
  if (shown) headers['Authorization'] = `Bearer ${shown}`;
  const request: RequestInit = { method: asking.method ?? 'GET', headers, signal, cache: 'no-store', credentials: 'omit' };
  if (asking.body !== undefined) request.body = JSON.stringify(asking.body);
  const response = await fetch(path, request);
  if (response.status === 304) return { kind: 'same' };
  const body = await response.text(); // a body that breaks off is a lost answer
  if (response.ok) {
    const value = parsed<T>(body);
    return value === undefined
      ? { kind: 'problem', problem: { type: 'unknown', status: response.status } }
      : { kind: 'ok', status: response.status, value };
  }
  if (response.status === 401) refuseToken(shown);
  const wait = retryAfterMs(response.headers.get('Retry-After'));
  const problem = problemOf(response.status, body);
  return wait === undefined ? { kind: 'problem', problem } : { kind: 'problem', problem, retryAfterMs: wait };
}

function parsed<T>(body: string): T | undefined {
  try {
    return JSON.parse(body) as T;
  } catch {
    return undefined;
  }
}
