// Who orders: a name of this device where the server asks for no token, else the token's subject. The token is kept in this
// tab's memory alone: a reload asks for it again, and nobody finds it in a storage.
import { computed, signal } from '@preact/signals';
import { freshKey } from './key';
import { recall, remember } from './storage';

export const token = signal<string | null>(null);

// 'asked': a request was answered 401; nothing works until somebody signs in.
export const signIn = signal<'not asked' | 'asked' | 'refused'>('not asked');

const subject = signal<string | null>(recall('subject'));
const guest = signal(recall('guest') ?? newGuest());

// A guest's order belongs to whoever signs in on this device.
export const user = computed(() => subject.value ?? guest.value);
export const isGuest = computed(() => subject.value === null);

function newGuest(): string {
  const name = `guest-${freshKey().slice(0, 8)}`;
  remember('guest', name);
  return name;
}

// A server without tokens lets everybody say who he is.
export function renameGuest(name: string): void {
  guest.value = name;
  remember('guest', name);
}

// False where the text is no token with a subject; whether it counts is for the server to say.
export function useToken(text: string): boolean {
  const found = subjectOf(text.trim());
  if (found === null) return false;
  token.value = text.trim();
  subject.value = found;
  remember('subject', found);
  signIn.value = 'not asked';
  return true;
}

export function signOut(): void {
  token.value = null;
  subject.value = null;
  remember('subject', null);
}

// The server has answered 401 to a request that showed `shown`.
export function refuseToken(shown: string | null): void {
  if (token.value !== shown) return; // another one came meanwhile
  token.value = null;
  signIn.value = shown === null ? 'asked' : 'refused';
}

// The `sub` of a JWT, unverified: who it says it is for.
export function subjectOf(text: string): string | null {
  const parts = text.split('.');
  if (parts.length !== 3) return null;
  try {
    const bytes = Uint8Array.from(atob(parts[1]!.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const sub = typeof claims === 'object' && claims !== null ? (claims as { sub?: unknown }).sub : undefined;
    return typeof sub === 'string' && sub !== '' ? sub : null;
  } catch {
    return null;
  }
}
