// The frame around every view: where one is, where one can go, and what is true everywhere.
import { Component, type ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { here, type Page } from '../routes';
import { basketCount } from '../state/basket';
import { online } from '../state/network';
import { entries } from '../state/outbox';
import { signIn } from '../state/session';
import { text } from '../text';
import { newerVersion } from '../worker/register';
import { BasketView } from './basket';
import { BasketIcon, Logo, MenuIcon, OfflineIcon, OrdersIcon, YouIcon } from './icons';
import { MenuView } from './menu';
import { OrderView } from './order';
import { OrdersView } from './orders';
import { Link, Notice } from './parts';
import { SignInView } from './sign_in';
import { StatusView } from './status';
import { YouView } from './you';

const views: Record<Page, () => ComponentChildren> = {
  menu: () => <MenuView />,
  basket: () => <BasketView />,
  orders: () => <OrdersView />,
  order: () => <OrderView />,
  you: () => <YouView />,
  status: () => <StatusView />,
};

// What can be seen without the server's leave.
const open: ReadonlySet<Page> = new Set<Page>(['basket', 'you', 'status']);

export function App() {
  const { page } = here.value;
  const asks = signIn.value !== 'not asked' && !open.has(page);
  useEffect(() => {
    document.title = page === 'menu' ? text.name : `${titles[page]} · ${text.name}`;
  }, [page]);
  return (
    <Net>
      <a class="skip" href="#content" onClick={skip}>{text.skip}</a>
      <Bar page={page} />
      <main id="content" tabIndex={-1}>
        {newerVersion.value !== null && <Notice kind="info" action={<button type="button" class="button" onClick={newerVersion.value}>{text.network.reload}</button>}>{text.network.newVersion}</Notice>}
        <div class="view" key={asks ? 'sign in' : page}>
          {asks ? <SignInView /> : views[page]()}
        </div>
      </main>
    </Net>
  );
}

const titles: Record<Page, string> = {
  menu: text.nav.menu,
  basket: text.nav.basket,
  orders: text.nav.orders,
  order: text.order.title('').trim(),
  you: text.nav.you,
  status: text.status.title,
};

// The page's own fragment would be an address of its own.
function skip(event: Event) {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Bar({ page }: { page: Page }) {
  const waiting = entries.value.filter((entry) => entry.state === 'waiting').length;
  const items = [
    { to: 'menu', name: text.nav.menu, more: '', sign: <MenuIcon />, count: 0 },
    { to: 'basket', name: text.nav.basket, more: text.basketOf(basketCount.value), sign: <BasketIcon />, count: basketCount.value },
    { to: 'orders', name: text.nav.orders, more: waiting > 0 ? text.orders.sent(waiting) : '', sign: <OrdersIcon />, count: waiting },
    { to: 'you', name: text.nav.you, more: '', sign: <YouIcon />, count: 0 },
  ] as const;
  return (
    <>
      <header class="bar">
        <Link to={{ page: 'menu' }} class="brand"><Logo />{text.name}</Link>
        <span class="bar-state" role="status">
          {!online.value && <span class="chip waiting"><OfflineIcon />{text.network.offline}</span>}
        </span>
      </header>
      <nav class="tabs" aria-label={text.nav.label}>
        {items.map(({ to, name, more, sign, count }) => (
          <Link key={to} to={{ page: to }} aria-current={page === to || (page === 'order' && to === 'orders') ? 'page' : undefined}>
            <span class="tab-sign" aria-hidden="true">{sign}{count > 0 && <span class="badge" key={count}>{count > 99 ? '99+' : count}</span>}</span>
            <span>{name}{more && <span class="visually-hidden">, {more}</span>}</span>
          </Link>
        ))}
      </nav>
    </>
  );
}

// A fault of ours in a view is said in a sentence; the rest of the app and the outbox go on.
class Net extends Component<{ children: ComponentChildren }, { fallen: boolean }> {
  override state = { fallen: false };
  override componentDidCatch(): void {
    this.setState({ fallen: true });
  }
  override render() {
    if (!this.state.fallen) return this.props.children;
    return (
      <main class="narrow">
        <h1>{text.crash.title}</h1>
        <p>{text.crash.why}</p>
        <button type="button" class="button primary" onClick={() => location.reload()}>{text.crash.reload}</button>
      </main>
    );
  }
}
