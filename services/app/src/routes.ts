// Where one is in the app, as the address bar and the back button know it.
import { signal } from '@preact/signals';
import { pages } from './pages';

export type Page = keyof typeof pages;

// An order is named by its id, or, while no server has it, by the key that it is kept under here.
export interface Place {
  page: Page;
  id?: string;
  key?: string;
}

export function pathOf(place: Place): string {
  const query = new URLSearchParams();
  if (place.id) query.set('id', place.id);
  if (place.key) query.set('key', place.key);
  const text = query.toString();
  return pages[place.page] + (text ? `?${text}` : '');
}

export function placeOf(url: { pathname: string; search: string }): Place {
  const found = (Object.keys(pages) as Page[]).find((page) => pages[page] === url.pathname);
  const query = new URLSearchParams(url.search);
  const place: Place = { page: found ?? 'menu' };
  const id = query.get('id');
  const key = query.get('key');
  if (id) place.id = id;
  if (key) place.key = key;
  return place;
}

export const here = signal<Place>({ page: 'menu' });

let movedOnce = false;
let arriving = false;

// Whether one has gone anywhere since the page was loaded.
export const moved = (): boolean => movedOnce;

// True for the first view to ask after one has gone somewhere.
export function arrives(): boolean {
  const first = arriving;
  arriving = false;
  return first;
}

function move(place: Place): void {
  movedOnce = true;
  arriving = true;
  here.value = place;
}

export function go(place: Place, how: 'push' | 'replace' = 'push'): void {
  const path = pathOf(place);
  if (how === 'replace' || path === location.pathname + location.search) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  if (how === 'replace') here.value = place;
  else {
    move(place);
    scrollTo(0, 0);
  }
}

export function followHistory(): void {
  here.value = placeOf(location);
  addEventListener('popstate', () => move(placeOf(location)));
}
