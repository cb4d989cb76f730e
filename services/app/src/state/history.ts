// The customer's orders, newest first, by pages; the first page is remembered for where there is no network.
import { signal } from '@preact/signals';
import { listOrders, type Order } from '../api/orders';
import type { Problem } from '../api/problem';
import { user } from './session';
import { recallJson, remember } from './storage';

const kPage = 10;

export interface History {
  of: string; // the user
  orders: Order[];
  next: string | null; // null: that is all
  trouble: Problem | 'lost' | null;
  asking: boolean;
}

interface Remembered {
  of: string;
  orders: Order[];
}

function isRemembered(value: unknown): value is Remembered {
  const { of, orders } = (value ?? {}) as Partial<Remembered>;
  return typeof of === 'string' && Array.isArray(orders) && orders.every((order) => typeof order?.orderId === 'string' && Array.isArray(order.items));
}

function begin(): History {
  const last = recallJson('orders', isRemembered);
  const orders = last !== null && last.of === user.peek() ? last.orders : [];
  return { of: user.peek(), orders, next: null, trouble: null, asking: true };
}

export const history = signal<History>(begin());

// `more`: the page after those that are shown; else the first one anew.
export async function loadHistory(more = false): Promise<void> {
  const name = user.peek();
  const before = history.value.of === name ? history.value : begin();
  history.value = { ...before, asking: true };
  const answer = await listOrders(name, kPage, more && before.next ? before.next : undefined);
  if (user.peek() !== name) return;
  if (answer.kind !== 'ok') {
    history.value = { ...before, asking: false, trouble: answer.kind === 'problem' ? answer.problem : 'lost' };
    return;
  }
  const { orders, next } = answer.value;
  if (!more) remember('orders', JSON.stringify({ of: name, orders }));
  history.value = {
    of: name,
    orders: more ? [...before.orders, ...orders.filter((order) => !before.orders.some((old) => old.orderId === order.orderId))] : orders,
    next: next ?? null,
    trouble: null,
    asking: false,
  };
}

// How the orders of the first page are by now; the further pages stay as they are.
export async function refreshHistory(): Promise<void> {
  const { of, asking } = history.value;
  if (asking) return;
  const answer = await listOrders(of, kPage);
  if (answer.kind !== 'ok' || history.value.of !== of) return;
  const fresh = new Map(answer.value.orders.map((order) => [order.orderId, order]));
  const known = new Set(history.value.orders.map((order) => order.orderId));
  const came = answer.value.orders.filter((order) => !known.has(order.orderId));
  history.value = { ...history.value, trouble: null, orders: [...came, ...history.value.orders.map((order) => fresh.get(order.orderId) ?? order)] };
}

export function forgetHistory(): void {
  remember('orders', null);
  history.value = begin();
}
