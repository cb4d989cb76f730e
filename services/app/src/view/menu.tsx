// The menu: what there is, how much of it, and since when that is known.
import { useEffect } from 'preact/hooks';
import { basketCount } from '../state/basket';
import { menuState, refreshMenu, type MenuState } from '../state/menu';
import { online } from '../state/network';
import { text } from '../text';
import { BasketPanel } from './basket';
import { DishPicture } from './dishes';
import { Empty, Link, Loading, Notice, Stepper, Title } from './parts';
import { clockTime } from './time';

const kRefreshMs = 10_000;
const kFew = 9; // and fewer are told

export function MenuView() {
  useEffect(() => {
    void refreshMenu();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refreshMenu();
    }, kRefreshMs);
    return () => clearInterval(timer);
  }, []);
  const state = menuState.value;
  return (
    <div class="beside">
      <section class="menu" aria-labelledby="menu-title">
        <Title lead={text.menu.lead}><span id="menu-title">{text.menu.title}</span></Title>
        <Freshness state={state} />
        <Dishes state={state} />
      </section>
      <aside class="panel wide-only" aria-label={text.nav.basket}><BasketPanel /></aside>
      {basketCount.value > 0 && <Link to={{ page: 'basket' }} class="button primary floating narrow-only">{text.menu.view(basketCount.value)}</Link>}
    </div>
  );
}

function Freshness({ state }: { state: MenuState }) {
  const again = <button type="button" class="button" onClick={() => void refreshMenu()}>{text.menu.again}</button>;
  if (state.menu === null) return null;
  const time = clockTime(state.menu.asOf);
  if (!online.value) return <Notice kind="warn">{text.menu.offline(time)}</Notice>;
  if (state.trouble !== null) return <Notice kind="warn" action={again}>{text.menu.old(time)}</Notice>;
  if (state.menu.stale) return <Notice kind="warn">{text.menu.stale(time)}</Notice>;
  return <p class="as-of"><span class="dot" aria-hidden="true" />{text.menu.asOf(time)}</p>;
}

function Dishes({ state }: { state: MenuState }) {
  if (state.menu === null) {
    if (state.asking && state.trouble === null) return <Loading what={text.menu.loading} />;
    const why = state.trouble === null || (state.trouble !== 'lost' && state.trouble.type === 'menu-unavailable') ? text.menu.noneWhy : text.problem(state.trouble);
    return (
      <Empty title={text.menu.none} why={why}>
        <button type="button" class="button primary" onClick={() => void refreshMenu()}>{text.menu.again}</button>
      </Empty>
    );
  }
  if (state.menu.items.length === 0) return <Empty title={text.menu.empty} why={text.menu.noneWhy} />;
  return (
    <ul class="dishes">
      {state.menu.items.map(({ sku, available }) => <Dish key={sku} sku={sku} available={available} />)}
    </ul>
  );
}

function Dish({ sku, available }: { sku: string; available: number }) {
  const { name, about } = text.dish(sku);
  return (
    <li class={`dish${available <= 0 ? ' out' : ''}`} data-sku={sku}>
      <DishPicture sku={sku} />
      <div class="dish-text">
        <h2>{name}</h2>
        <p>{about}</p>
      </div>
      <div class="dish-foot">
        <Availability available={available} />
        <Stepper sku={sku} dish={name} />
      </div>
    </li>
  );
}

function Availability({ available }: { available: number }) {
  if (available <= 0) return <p class="availability none">{text.menu.out}</p>;
  if (available <= kFew) return <p class="availability few">{text.menu.few(available)}</p>;
  return <p class="availability plenty">{text.menu.plenty}</p>;
}
