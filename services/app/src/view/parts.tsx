// Small parts that several views are made of.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { OrderStatus } from '../api/orders';
import { arrives, go, moved, pathOf, type Place } from '../routes';
import { quantityOf, setQuantity } from '../state/basket';
import { text } from '../text';
import { BinIcon, CheckIcon, ClockIcon, CrossIcon, MinusIcon, OfflineIcon, PlusIcon } from './icons';

// A real link, so that it can be opened in a new tab; a plain click stays in the app.
export function Link({ to, ...rest }: { to: Place } & Omit<JSX.HTMLAttributes<HTMLAnchorElement>, 'href'> & { 'aria-current'?: 'page' | undefined }) {
  return (
    <a
      {...(rest as JSX.HTMLAttributes<HTMLAnchorElement>)}
      href={pathOf(to)}
      onClick={(event: MouseEvent) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    />
  );
}

// The view's heading takes the focus when one comes to the view, or when what had it is gone, so that a screen reader says where
// one is; not when the page has just been loaded.
export function Title({ children, lead }: { children: ComponentChildren; lead?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (arrives() || (moved() && (document.activeElement ?? document.body) === document.body)) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header class="title">
      <h1 ref={heading} tabIndex={-1}>{children}</h1>
      {lead && <p>{lead}</p>}
    </header>
  );
}

export function Notice({ kind, children, action }: { kind: 'info' | 'warn' | 'bad'; children: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      <p>{children}</p>
      {action}
    </div>
  );
}

export function Empty({ title, why, children }: { title: string; why: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-plate" aria-hidden="true" />
      <h2>{title}</h2>
      <p>{why}</p>
      {children}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">{what}</span>
      {[0, 1, 2].map((row) => <span class="bone" key={row} aria-hidden="true" />)}
    </div>
  );
}

export type Shown = OrderStatus | 'WAITING' | 'REFUSED' | 'WITHDRAWING';

const words: Record<Shown, string> = {
  ...text.order.status,
  WAITING: text.order.waiting,
  REFUSED: text.order.refused,
  WITHDRAWING: text.order.withdrawing,
};

export function StatusSign({ status }: { status: Shown }) {
  if (status === 'CONFIRMED') return <CheckIcon />;
  if (status === 'CANCELLED' || status === 'REFUSED') return <CrossIcon />;
  return status === 'PENDING' ? <ClockIcon /> : <OfflineIcon />;
}

export function Chip({ status }: { status: Shown }) {
  return <span class={`chip ${status.toLowerCase()}`}><StatusSign status={status} />{words[status]}</span>;
}

// "+" where there is none of it in the basket, else how many, with less and more.
export function Stepper({ sku, dish }: { sku: string; dish: string }) {
  const quantity = quantityOf(sku);
  const more = useRef<HTMLButtonElement>(null);
  const change = (to: number) => {
    setQuantity(sku, to);
    // The button that was pressed may be gone: the focus stays with the dish.
    if (to === 0 || quantity === 0) requestAnimationFrame(() => more.current?.focus());
  };
  return (
    <div class={`stepper${quantity > 0 ? ' open' : ''}`} role="group" aria-label={dish}>
      {quantity > 0 && (
        <>
          <button type="button" class="round plain" onClick={() => change(quantity - 1)} aria-label={quantity === 1 ? text.basket.remove(dish) : text.menu.less(dish)}>
            {quantity === 1 ? <BinIcon /> : <MinusIcon />}
          </button>
          <output aria-label={text.menu.inBasket(quantity, dish)}>{quantity}</output>
        </>
      )}
      <button type="button" class="round" ref={more} onClick={() => change(quantity + 1)} aria-label={quantity === 0 ? text.menu.add(dish) : text.menu.more(dish)}>
        <PlusIcon />
      </button>
    </div>
  );
}
