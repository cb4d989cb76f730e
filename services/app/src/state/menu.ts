// The menu as it was told last, also by an earlier visit.
import { signal } from '@preact/signals';
import { getMenu, type Menu } from '../api/orders';
import type { Problem } from '../api/problem';
import { recallJson, remember } from './storage';

export interface MenuState {
  menu: Menu | null;
  // Why it is not fresh: a problem of the server, or no answer at all.
  trouble: Problem | 'lost' | null;
  asking: boolean;
}

function isMenu(value: unknown): value is Menu {
  const { items, asOf, stale } = (value ?? {}) as Partial<Menu>;
  return Array.isArray(items) && typeof asOf === 'string' && typeof stale === 'boolean' &&
    items.every((item) => typeof item?.sku === 'string' && Number.isInteger(item.available));
}

export const menuState = signal<MenuState>({ menu: recallJson('menu', isMenu), trouble: null, asking: true });

let asked: Promise<void> | null = null;

export function refreshMenu(): Promise<void> {
  asked ??= askForMenu().finally(() => {
    asked = null;
  });
  return asked;
}

async function askForMenu(): Promise<void> {
  menuState.value = { ...menuState.value, asking: true };
  const answer = await getMenu();
  const { menu } = menuState.value;
  if (answer.kind === 'ok' && isMenu(answer.value)) {
    remember('menu', JSON.stringify(answer.value));
    menuState.value = { menu: answer.value, trouble: null, asking: false };
  } else {
    menuState.value = { menu, trouble: answer.kind === 'problem' ? answer.problem : 'lost', asking: false };
  }
}

// A dish that the newest menu does not know, or has none of, may be ordered all the same; the customer is told.
export function availableOf(sku: string): number | null {
  return menuState.value.menu?.items.find((item) => item.sku === sku)?.available ?? null;
}
