// An order that was placed on this device, from the thumb to the server's answer. Pure: every change is a function here, and
// the store applies it to the newest entry in one transaction, so that two tabs cannot undo each other's.
import type { Line, Order } from '../api/orders';
import type { Answer } from '../api/problem';
import { surelyNotDone, verdictOf } from './retry';

export interface Entry {
  key: string; // the idempotency key, for ever
  user: string;
  guest: boolean; // nobody was signed in
  items: Line[];
  placedAt: number; // by this device's clock
  state: 'waiting' | 'sent' | 'refused';
  attempts: number;
  inDoubt: boolean; // an attempt was begun, and perhaps the server has the order
  withdrawn: boolean; // it is not wanted any more
  orderId?: string; // where sent
  problem?: string; // the type, where refused
}

export type Change = (entry: Entry | undefined) => Entry | undefined; // undefined: there is none

export function newEntry(key: string, user: string, guest: boolean, items: Line[], now: number): Entry {
  return { key, user, guest, items, placedAt: now, state: 'waiting', attempts: 0, inDoubt: false, withdrawn: false };
}

// What still has to be done for it.
export function duty(entry: Entry): 'send' | 'cancel' | 'nothing' {
  if (entry.state === 'waiting') return 'send';
  return entry.state === 'sent' && entry.withdrawn ? 'cancel' : 'nothing';
}

// Stored before the request leaves: a tab that is closed now leaves an entry that knows of its doubt.
export const begun: Change = (entry) =>
  entry?.state === 'waiting' ? { ...entry, attempts: entry.attempts + 1, inDoubt: true } : entry;

// To the attempt of that number. `doubtful`: whether an earlier one was in doubt already; no later refusal takes that back,
// nor does it say anything of one that another tab has begun meanwhile.
export function answered(answer: Answer<Order>, attempt: number, doubtful: boolean): Change {
  return (entry) => {
    if (entry?.state !== 'waiting') return entry;
    if (answer.kind === 'ok') return { ...entry, state: 'sent', inDoubt: false, orderId: answer.value.orderId };
    const clear = surelyNotDone(answer) && !doubtful && entry.attempts === attempt;
    if (verdictOf(answer) === 'refused' && answer.kind === 'problem') {
      return entry.withdrawn ? undefined : { ...entry, state: 'refused', inDoubt: false, problem: answer.problem.type };
    }
    // What the server surely does not have needs nothing but to be forgotten.
    if (clear && entry.withdrawn) return undefined;
    return { ...entry, inDoubt: !clear };
  };
}

// Gone at once where no server can have it; else it is sent to its end, and cancelled.
export const withdrawn: Change = (entry) => {
  if (entry?.state !== 'waiting') return entry;
  return entry.inDoubt ? { ...entry, withdrawn: true } : undefined;
};

export function cancelled(answer: Answer<Order>): Change {
  return (entry) => {
    if (entry === undefined || duty(entry) !== 'cancel') return entry;
    const verdict = verdictOf(answer);
    return verdict === 'done' || verdict === 'refused' ? undefined : { ...entry, attempts: entry.attempts + 1 };
  };
}

// A guest's order that no server has seen becomes that of who signs in.
export function adopted(user: string): Change {
  return (entry) =>
    entry?.state === 'waiting' && entry.guest && !entry.inDoubt ? { ...entry, user, guest: false } : entry;
}
