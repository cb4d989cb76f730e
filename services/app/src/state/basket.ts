// What is to be ordered next: one basket for all tabs, kept between visits.
import { computed, signal } from '@preact/signals';
import { kLinesMax, kQuantityMax, type Line } from '../api/orders';
import { onRemembered, recallJson, remember } from './storage';

export const kStepperMax = 99; // by thumb; the API takes far more

function isBasket(value: unknown): value is Line[] {
  return Array.isArray(value) && value.every((line: unknown) => {
    const { sku, quantity } = (line ?? {}) as Partial<Line>;
    return typeof sku === 'string' && Number.isInteger(quantity) && quantity! >= 1 && quantity! <= kQuantityMax;
  });
}

export const basket = signal<Line[]>(recallJson('basket', isBasket) ?? []);
export const basketCount = computed(() => basket.value.reduce((sum, line) => sum + line.quantity, 0));

onRemembered('basket', () => {
  basket.value = recallJson('basket', isBasket) ?? [];
});

export function quantityOf(sku: string): number {
  return basket.value.find((line) => line.sku === sku)?.quantity ?? 0;
}

function keep(lines: Line[]): void {
  basket.value = lines;
  remember('basket', JSON.stringify(lines));
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

export function emptyBasket(): void {
  keep([]);
}

// Adds what an earlier order held.
export function fillBasket(lines: Line[]): void {
  for (const { sku, quantity } of lines) setQuantity(sku, quantityOf(sku) + quantity);
}
