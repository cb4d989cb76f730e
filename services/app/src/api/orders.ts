// The orders API (docs/api.md) as functions.
import { ask } from './http';
import type { Answer } from './problem';

export interface Line {
  sku: string;
  quantity: number;
}

export type OrderStatus = 'PENDING' | 'CONFIRMED' | 'CANCELLED';

export interface Order {
  orderId: string;
  userId: string;
  status: OrderStatus;
  reason?: string;
  items: Line[];
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface OrderList {
  orders: Order[];
  next?: string;
}

export interface Menu {
  items: { sku: string; available: number }[];
  asOf: string;
  stale: boolean;
}

export interface Step {
  what: string;
  at: string;
  version?: number;
  reason?: string;
  event?: string;
  topic?: string;
  partition?: number;
  offset?: number;
  handled?: string;
}

export interface Timeline {
  orderId: string;
  status: OrderStatus;
  steps: Step[];
  waitingFor: { what: string; at: string; deadline?: string } | null;
}

export const kQuantityMax = 1_000_000; // of one SKU in one order
export const kLinesMax = 50;

const kWaitS = 20; // of a long-poll, below the server's 30

export function placeOrder(user: string, items: Line[], key: string): Promise<Answer<Order>> {
  return ask<Order>('/v1/orders', { method: 'POST', body: { userId: user, items }, key });
}

export function cancelOrder(id: string): Promise<Answer<Order>> {
  return ask<Order>(`/v1/orders/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
}

export function getOrder(id: string, signal?: AbortSignal): Promise<Answer<Order>> {
  return ask<Order>(`/v1/orders/${encodeURIComponent(id)}`, signal ? { signal } : {});
}

// Answered as soon as the order has another version than that, or with `same` when the wait is over.
export function waitForNews(id: string, version: number, signal: AbortSignal): Promise<Answer<Order>> {
  const path = `/v1/orders/${encodeURIComponent(id)}?wait=${kWaitS}s&version=${version}`;
  return ask<Order>(path, { signal, timeoutMs: (kWaitS + 10) * 1000 });
}

export function getTimeline(id: string): Promise<Answer<Timeline>> {
  return ask<Timeline>(`/v1/orders/${encodeURIComponent(id)}/timeline`);
}

export function listOrders(user: string, limit: number, cursor?: string): Promise<Answer<OrderList>> {
  const query = new URLSearchParams({ userId: user, limit: String(limit) });
  if (cursor) query.set('cursor', cursor);
  return ask<OrderList>(`/v1/orders?${query}`);
}

export function getMenu(): Promise<Answer<Menu>> {
  return ask<Menu>('/v1/menu');
}
