// How the whole system is, as `quickbite up` tells it (services/live/status_page.h), and how Orders is, as it says itself.
import { ask } from './http';

type Count = number | null; // null: not known

export interface SystemStatus {
  at: string;
  api: string;
  kafka: string;
  orders_database: string;
  inventory_database: string;
  folder: string;
  services: { name: string; pid: number; runs: boolean; ready: boolean | null; detail: string; log: string }[];
  orders: { PENDING: Count; CONFIRMED: Count; CANCELLED: Count };
  outbox: { orders: Count; inventory: Count };
  lag: { 'orders.v1': Count; 'inventory.v1': Count };
  deadLetters: { 'orders.v1': Count; 'inventory.v1': Count };
  stories: { title: string; outcome: string; held: boolean }[];
}

export interface Readiness {
  ready: boolean;
  conditions: { name: string; met: boolean; detail?: string }[];
}

// Where it is told; null where nobody tells it.
export async function whereStatusIs(): Promise<string | null> {
  const answer = await ask<{ status: string | null }>('/app.json');
  return answer.kind === 'ok' ? answer.value.status : null;
}

// Another origin perhaps, and so no request of `ask`, which would show it the token.
async function told<T>(url: string): Promise<T | null> {
  try {
    const response = await fetch(url, { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(3000) });
    return (await response.json()) as T;
  } catch {
    return null;
  }
}

export async function getSystemStatus(url: string): Promise<SystemStatus | null> {
  const status = await told<SystemStatus>(url);
  return status !== null && Array.isArray(status.services) ? status : null;
}

// Also of a server that is not ready, which says so with a 503.
export async function getReadiness(): Promise<Readiness | null> {
  const readiness = await told<Readiness>('/readyz');
  return readiness !== null && Array.isArray(readiness.conditions) ? readiness : null;
}
