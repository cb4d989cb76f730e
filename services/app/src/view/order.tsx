// One order, from the thumb to the kitchen's answer: while it waits on this device, and then live.
import { useEffect, useState } from 'preact/hooks';
import { getOrder, waitForNews, type Line, type Order } from '../api/orders';
import type { Problem } from '../api/problem';
import type { Entry } from '../outbox/entry';
import { go, here } from '../routes';
import { entries } from '../state/outbox';
import { signIn, token } from '../state/session';
import { sleep, watch } from '../state/watch';
import { text } from '../text';
import { DishPicture } from './dishes';
import { BackIcon } from './icons';
import { CancelOrder } from './cancel';
import { OrderAgain } from './again';
import { Empty, Link, Loading, Notice, StatusSign, Title, type Shown } from './parts';
import { clockTime } from './time';
import { TimelineList } from './timeline';
import { WaitingOrder } from './waiting';

const kLongMs = 8_000; // PENDING for longer is said to be unusual

export function OrderView() {
  const { id, key } = here.value;
  const entry: Entry | undefined = entries.value.find((kept) => kept.key === key);
  const orderId = id ?? (entry?.state === 'sent' ? entry.orderId : undefined);
  // From now on it is named by what the server calls it, also after a reload.
  useEffect(() => {
    if (id === undefined && orderId !== undefined && entry?.withdrawn === false) go({ page: 'order', id: orderId }, 'replace');
  }, [id, orderId, entry?.withdrawn]);
  return (
    <section class="narrow order">
      <Link to={{ page: 'orders' }} class="back"><BackIcon />{text.nav.orders}</Link>
      {id === undefined && entry !== undefined && (entry.state !== 'sent' || entry.withdrawn)
        ? <WaitingOrder entry={entry} />
        : orderId !== undefined ? <LiveOrder id={orderId} key={orderId} /> : <Unknown gone={key !== undefined} />}
    </section>
  );
}

function Unknown({ gone }: { gone: boolean }) {
  return (
    <>
      <Title>{gone ? text.order.withdrawn : text.order.none}</Title>
      <Empty title="" why={gone ? '' : text.order.noneWhy}>
        <Link to={{ page: 'menu' }} class="button primary">{text.basket.toMenu}</Link>
      </Empty>
    </>
  );
}

// `Order` as it was seen last; what stands between us and a newer one.
function useOrder(id: string): { order: Order | null; trouble: Problem | 'lost' | null; show(order: Order): void } {
  const [order, setOrder] = useState<Order | null>(null);
  const [trouble, setTrouble] = useState<Problem | 'lost' | null>(null);
  const newer = (next: Order) => setOrder((old) => (old !== null && old.version > next.version ? old : next));
  const who = token.value;
  useEffect(() => {
    const ending = new AbortController();
    void watch(id, { get: getOrder, wait: waitForNews, sleep }, ending.signal, (seen) => {
      if ('order' in seen) {
        newer(seen.order);
        setTrouble(null);
      } else if (seen.trouble.kind === 'lost') setTrouble('lost');
      else if (seen.trouble.kind === 'problem') setTrouble(seen.trouble.problem);
    });
    return () => ending.abort();
  }, [id, who]);
  return { order, trouble, show: newer };
}

function LiveOrder({ id }: { id: string }) {
  const { order, trouble, show } = useOrder(id);
  if (order === null) {
    if (trouble === null || signIn.value !== 'not asked') return <><Title>{text.order.title(id.slice(0, 8))}</Title><Loading what={text.orders.loading} /></>;
    const unknown = trouble !== 'lost' && trouble.status === 404;
    return <><Title>{text.order.title(id.slice(0, 8))}</Title><Empty title={unknown ? text.order.none : ''} why={unknown ? text.order.noneWhy : text.problem(trouble)} /></>;
  }
  return (
    <>
      <Title>{text.order.title(id.slice(0, 8))}</Title>
      {trouble !== null && order.status === 'PENDING' && <Notice kind="warn">{text.order.unreachable}</Notice>}
      <Hero status={order.status} says={<Saying order={order} />} />
      <OrderLines items={order.items} />
      <p class="small muted">{text.order.placed(clockTime(order.createdAt))}</p>
      <div class="actions">
        {order.status !== 'CANCELLED' && <CancelOrder order={order} show={show} />}
        <OrderAgain items={order.items} />
      </div>
      <TimelineList id={id} version={order.version} />
    </>
  );
}

export function Hero({ status, says }: { status: Shown; says: preact.ComponentChildren }) {
  const word = status === 'WAITING' ? text.order.waiting : status === 'REFUSED' ? text.order.refused : status === 'WITHDRAWING' ? text.order.withdrawing : text.order.status[status];
  return (
    <div class={`hero ${status.toLowerCase()}`} role="status" aria-live="polite" data-status={status}>
      <span class="hero-sign" aria-hidden="true"><StatusSign status={status} /></span>
      <div>
        <p class="hero-word">{word}</p>
        <p>{says}</p>
      </div>
    </div>
  );
}

function Saying({ order }: { order: Order }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (order.status !== 'PENDING') return undefined;
    const timer = setTimeout(() => setLong(true), kLongMs);
    return () => clearTimeout(timer);
  }, [order.status]);
  if (order.status === 'CANCELLED') return <>{text.order.reasons[order.reason ?? ''] ?? text.order.otherReason}</>;
  return <>{order.status === 'PENDING' && long ? text.order.longer : text.order.says[order.status]}</>;
}

export function OrderLines({ items }: { items: Line[] }) {
  return (
    <>
      <h2>{text.order.items}</h2>
      <ul class="lines">
        {items.map(({ sku, quantity }) => (
          <li class="line" key={sku}>
            <DishPicture sku={sku} small />
            <span class="line-name">{text.dish(sku).name}</span>
            <span class="line-quantity">× {quantity.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
