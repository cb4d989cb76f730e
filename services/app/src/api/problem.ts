// What can come of a request, as values: an answer, a problem document, or nothing at all.

export interface Problem {
  type: string; // the last part of RFC 9457's type: "overloaded", as docs/api.md lists them; "unknown" for anything else
  status: number;
  field?: string;
}

export type Answer<T> =
  | { kind: 'ok'; status: number; value: T }
  | { kind: 'same' } // 304
  | { kind: 'problem'; problem: Problem; retryAfterMs?: number }
  | { kind: 'lost' }; // no answer: it is not known whether it was done

// Never throws: whatever a server or something between says is a problem that the app can talk about.
export function problemOf(status: number, body: string): Problem {
  const problem: Problem = { type: 'unknown', status };
  try {
    const told: unknown = JSON.parse(body);
    if (typeof told !== 'object' || told === null) return problem;
    const { type, field } = told as Record<string, unknown>;
    if (typeof type === 'string' && type.startsWith('/problems/')) problem.type = type.slice('/problems/'.length);
    if (typeof field === 'string') problem.field = field;
  } catch {
    // A page of some proxy.
  }
  return problem;
}

// Whole seconds (RFC 9110 section 10.2.3); a date is not what our server sends.
export function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : undefined;
}
