// What is to be ordered next: one basket for all tabs, kept between visits.
import { computed, signal } from '@preact/signals';
import { kLinesMax, kQuantityMax, type Line } from '../api/orders';
import { freshKey } from './key';
import { onRemembered, recallJson, remember } from './storage';

export const kStepperMax = 99; // by thumb; the API takes far more

// The key is that of the order which it becomes: however often it is placed, by a second tap, by another tab, or after the page
// ended between the order's being kept and the basket's being emptied, it is one order.
interface Basket {
  key: string;
  lines: Line[];
}

function isBasket(value: unknown): value is Basket {
  const { key, lines } = (value ?? {}) as Partial<Basket>;
  return typeof key === 'string' && /^[0-9a-f]{32}$/.test(key) && Array.isArray(lines) && lines.every((line: unknown) => {
    const { sku, quantity } = (line ?? {}) as Partial<Line>;
    return typeof sku === 'string' && Number.isInteger(quantity) && quantity! >= 1 && quantity! <= kQuantityMax;
  });
}

const newBasket = (): Basket => ({ key: freshKey(), lines: [] });

const kept = signal<Basket>(recallJson('basket', isBasket) ?? newBasket());
export const basket = computed(() => kept.value.lines);
export const basketKey = computed(() => kept.value.key);
export const basketCount = computed(() => basket.value.reduce((sum, line) => sum + line.quantity, 0));

onRemembered('basket', () => {
  kept.value = recallJson('basket', isBasket) ?? newBasket();
});

export function quantityOf(sku: string): number {
  return basket.value.find((line) => line.sku === sku)?.quantity ?? 0;
}

function keep(lines: Line[], key = kept.value.key): void {
  kept.value = { key, lines };
  remember('basket', JSON.stringify(kept.value));
}

// 0 takes it out. False where there is no room for a further dish.
export function setQuantity(sku: string, quantity: number): boolean {
  const wanted = Math.min(Math.max(Math.trunc(quantity), 0), kStepperMax);
  const others = basket.value.filter((line) => line.sku !== sku);
  if (wanted === 0) keep(others);
  else if (others.length < basket.value.length) {
    keep(basket.value.map((line) => (line.sku === sku ? { sku, quantity: wanted } : line)));
  } else if (others.length >= kLinesMax) return false;
  else keep([...others, { sku, quantity: wanted }]);
  return true;
}

// It has become an order.
export function emptyBasket(): void {
  keep([], freshKey());
}

// Adds what an earlier order held.
export function fillBasket(lines: Line[]): void {
  for (const { sku, quantity } of lines) setQuantity(sku, quantityOf(sku) + quantity);
}
