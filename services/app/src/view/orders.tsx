// The customer's orders: first what waits on this device, then what the server knows, newest first.
import { useEffect } from 'preact/hooks';
import type { Line } from '../api/orders';
import type { Place } from '../routes';
import { history, loadHistory, refreshHistory } from '../state/history';
import { online } from '../state/network';
import { entries } from '../state/outbox';
import { user } from '../state/session';
import { kPollMs } from '../state/watch';
import { text } from '../text';
import { DishPicture } from './dishes';
import { ArrowIcon } from './icons';
import { Chip, Empty, Link, Loading, Notice, Title, type Shown } from './parts';
import { clockTime } from './time';
import { shownOf } from './waiting';

export function OrdersView() {
  const waiting = entries.value.filter((entry) => entry.state !== 'sent' || entry.withdrawn);
  const sent = entries.value.filter((entry) => entry.state === 'sent').length;
  const name = user.value;
  useEffect(() => void loadHistory(), [name, online.value, sent]);
  const { orders, next, trouble, asking, of } = history.value;
  const shown = of === name ? orders : [];
  const pending = shown.some((order) => order.status === 'PENDING');
  useEffect(() => {
    if (!pending) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refreshHistory();
    }, kPollMs);
    return () => clearInterval(timer);
  }, [pending]);
  return (
    <section class="narrow">
      <Title>{text.orders.title}</Title>
      {waiting.length > 0 && (
        <>
          <h2>{text.orders.waiting}</h2>
          <ul class="cards" aria-label={text.orders.waiting}>
            {waiting.map((entry) => <OrderCard key={entry.key} to={{ page: 'order', key: entry.key }} items={entry.items} status={shownOf(entry)} time={entry.placedAt} />)}
          </ul>
        </>
      )}
      {shown.length > 0 && !online.value && <Notice kind="warn">{text.orders.offline}</Notice>}
      {shown.length > 0 && online.value && trouble !== null && <Notice kind="warn">{text.orders.unreachable}</Notice>}
      {waiting.length > 0 && shown.length > 0 && <h2>{text.orders.past}</h2>}
      {shown.length > 0 && (
        <ul class="cards history" aria-label={text.orders.past}>
          {shown.map((order) => <OrderCard key={order.orderId} to={{ page: 'order', id: order.orderId }} items={order.items} status={order.status} time={order.createdAt} />)}
        </ul>
      )}
      {shown.length === 0 && <Nothing asking={asking} trouble={trouble !== null} why={trouble === null ? '' : text.problem(trouble)} waiting={waiting.length > 0} />}
      {next !== null && shown.length > 0 && (
        <button type="button" class="button wide" disabled={asking} onClick={() => void loadHistory(true)}>{asking ? text.orders.loading : text.orders.more}</button>
      )}
    </section>
  );
}

function Nothing({ asking, trouble, why, waiting }: { asking: boolean; trouble: boolean; why: string; waiting: boolean }) {
  if (!online.value) return <Notice kind="info">{text.orders.offlineNone}</Notice>;
  if (trouble) return <Notice kind="bad" action={<button type="button" class="button" onClick={() => void loadHistory()}>{text.menu.again}</button>}>{why}</Notice>;
  if (asking) return <Loading what={text.orders.loading} />;
  if (waiting) return null;
  return (
    <Empty title={text.orders.none} why={text.orders.noneWhy}>
      <Link to={{ page: 'menu' }} class="button primary">{text.basket.toMenu}</Link>
    </Empty>
  );
}

function OrderCard({ to, items, status, time }: { to: Place; items: Line[]; status: Shown; time: string | number }) {
  const names = items.map(({ sku, quantity }) => text.lines(quantity, text.dish(sku).name)).join(', ');
  return (
    <li>
      <Link to={to} class="card">
        <DishPicture sku={items[0]?.sku ?? ''} small />
        <span class="card-text">
          <span class="card-names">{names}</span>
          <span class="small muted">{clockTime(time)}</span>
          <Chip status={status} />
        </span>
        <ArrowIcon />
      </Link>
    </li>
  );
}
