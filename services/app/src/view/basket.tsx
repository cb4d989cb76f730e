// The basket, as a page of its own on a phone and beside the menu on a wide screen.
import { useState } from 'preact/hooks';
import type { Line } from '../api/orders';
import { go } from '../routes';
import { basket } from '../state/basket';
import { availableOf, menuState } from '../state/menu';
import { online } from '../state/network';
import { orderBasket } from '../state/outbox';
import { user } from '../state/session';
import { text } from '../text';
import { DishPicture } from './dishes';
import { OfflineIcon } from './icons';
import { Empty, Link, Notice, Stepper, Title } from './parts';

export function BasketView() {
  return (
    <section class="narrow">
      <Title>{text.basket.title}</Title>
      <BasketLines />
    </section>
  );
}

export function BasketPanel() {
  return (
    <>
      <h2 class="panel-title">{text.basket.title}</h2>
      <BasketLines />
    </>
  );
}

function BasketLines() {
  const lines = basket.value;
  if (lines.length === 0) {
    return (
      <Empty title={text.basket.empty} why={text.basket.emptyWhy}>
        <Link to={{ page: 'menu' }} class="button primary to-menu">{text.basket.toMenu}</Link>
      </Empty>
    );
  }
  return (
    <>
      <ul class="lines">{lines.map((line) => <BasketLine key={line.sku} line={line} />)}</ul>
      <Doubts lines={lines} />
      <p class="small muted">{text.basket.allOrNothing} {text.basket.as(user.value)}</p>
      <PlaceOrder />
    </>
  );
}

function BasketLine({ line }: { line: Line }) {
  const { name } = text.dish(line.sku);
  return (
    <li class="line" data-sku={line.sku}>
      <DishPicture sku={line.sku} small />
      <span class="line-name">{name}</span>
      <Stepper sku={line.sku} dish={name} />
    </li>
  );
}

// A menu is a hint: it may be wrong by now, so nothing is forbidden for it.
function Doubts({ lines }: { lines: Line[] }) {
  if (menuState.value.menu === null) return null;
  const doubts = lines.flatMap(({ sku, quantity }) => {
    const available = availableOf(sku);
    const { name } = text.dish(sku);
    if (available === null) return [text.basket.unknown(name)];
    if (available <= 0) return [text.basket.maybeNot(name)];
    return available < quantity ? [`${name}: ${text.menu.few(available)}.`] : [];
  });
  return <>{doubts.map((doubt) => <Notice kind="warn" key={doubt}>{doubt}</Notice>)}</>;
}

function PlaceOrder() {
  const [placing, setPlacing] = useState(false);
  const place = async () => {
    if (placing) return; // a double tap is one order
    setPlacing(true);
    try {
      go({ page: 'order', key: await orderBasket() });
    } finally {
      setPlacing(false);
    }
  };
  return (
    <div class="place">
      {!online.value && <Notice kind="info">{text.basket.offline}</Notice>}
      <button type="button" class="button primary large" disabled={placing} onClick={() => void place()}>
        {!online.value && <OfflineIcon />}
        {placing ? text.basket.placing : online.value ? text.basket.order : text.basket.orderOffline}
      </button>
    </div>
  );
}
