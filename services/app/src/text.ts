// Everything that the app says. No sentence stands anywhere else.
import type { Problem } from './api/problem';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const text = {
  name: 'QuickBite',
  skip: 'Skip to the content',
  nav: { label: 'Main', menu: 'Menu', basket: 'Basket', orders: 'Orders', you: 'You' },
  basketOf: (n: number) => (n === 0 ? 'empty' : count(n, 'item', 'items')),

  menu: {
    title: 'What would you like?',
    lead: 'Pick what you like and order. We tell you as soon as the kitchen has said yes.',
    asOf: (time: string) => `Stock as of ${time}`,
    stale: (time: string) => `The kitchen does not answer just now. This is the menu as of ${time}; you can order all the same.`,
    offline: (time: string) => `You are offline. This is the menu as of ${time}; what you order is sent when the network is back.`,
    old: (time: string) => `The menu could not be renewed. This is how it was at ${time}.`,
    none: 'There is no menu yet',
    noneWhy: 'It appears here as soon as the kitchen has told us what there is.',
    empty: 'The kitchen has nothing on the menu today.',
    loading: 'Fetching the menu',
    again: 'Try again',
    plenty: 'In stock',
    few: (n: number) => `Only ${n} left`,
    out: 'Sold out',
    add: (dish: string) => `Add ${dish} to the basket`,
    more: (dish: string) => `One more ${dish}`,
    less: (dish: string) => `One ${dish} less`,
    inBasket: (n: number, dish: string) => `${n} ${dish} in the basket`,
    view: (n: number) => `View basket · ${count(n, 'item', 'items')}`,
  },

  basket: {
    title: 'Your basket',
    empty: 'Nothing in here yet',
    emptyWhy: 'Add something from the menu; it stays here until you order.',
    toMenu: 'To the menu',
    remove: (dish: string) => `Remove ${dish}`,
    order: 'Place order',
    orderOffline: 'Order when online',
    placing: 'Placing your order',
    offline: 'You are offline. Your order is kept on this device and sent once, as soon as the network is back.',
    maybeNot: (dish: string) => `${dish} is sold out as far as we know. All of an order is made, or none of it.`,
    unknown: (dish: string) => `${dish} is not on the menu now.`,
    full: 'An order can hold 50 different dishes at most.',
    as: (name: string) => `Ordering as ${name}`,
    allOrNothing: 'All of it or none: we never send you half an order.',
  },

  order: {
    title: (short: string) => `Order ${short}`,
    status: { PENDING: 'Asking the kitchen', CONFIRMED: 'Confirmed', CANCELLED: 'Cancelled' },
    says: {
      PENDING: 'We have your order. The kitchen will answer in a moment; this page tells you.',
      CONFIRMED: 'The kitchen has everything and is on it.',
    },
    longer: 'This takes longer than usual. Your order is safe; it goes on by itself as soon as the kitchen can be reached.',
    reasons: {
      CUSTOMER: 'You cancelled it.',
      EXPIRED: 'The kitchen did not answer in time, so we cancelled it for you.',
      OUT_OF_STOCK: 'Something in it is sold out, and half an order is no order.',
      UNKNOWN_SKU: 'Something in it is not on the menu any more.',
    } as Record<string, string>,
    otherReason: 'It could not be made.',
    yours: 'Your order',
    waiting: 'Waiting to be sent',
    waitingWhy: 'It is kept on this device and sent once, as soon as the network is back.',
    waitingShort: 'For this page only: your browser keeps nothing, so leave the page open until it is sent.',
    sending: 'Sending your order',
    sendingWhy: 'The network is slow or away. We keep trying; it is sent once, however often we have to.',
    withdrawing: 'Being withdrawn',
    withdrawingWhy: 'Perhaps it had got through already. As soon as the network is back we make sure that it is cancelled.',
    signInToSend: 'Sign in to send it.',
    refused: 'Not taken',
    withdraw: 'Withdraw',
    withdrawn: 'Withdrawn. Nothing was ordered.',
    tryNow: 'Try now',
    toBasket: 'Back to the basket',
    dismiss: 'Dismiss',
    cancel: 'Cancel order',
    cancelTitle: 'Cancel this order?',
    cancelWhy: 'What was set aside for you is given back. This cannot be undone.',
    cancelYes: 'Yes, cancel it',
    cancelNo: 'Keep it',
    cancelling: 'Cancelling',
    again: 'Order again',
    items: 'What you ordered',
    placed: (time: string) => `Placed ${time}`,
    short: 'Order number',
    copy: 'Copy',
    copied: 'Copied',
    unreachable: 'This may be out of date: we cannot reach the shop just now, and keep trying.',
    none: 'We do not know this order',
    noneWhy: 'It may belong to somebody else, or the link is not whole.',
  },

  timeline: {
    title: 'What happened',
    steps: {
      CREATED: 'You placed the order',
      CONFIRMED: 'Confirmed',
      CANCELLED: 'Cancelled',
      TO_BE_PUBLISHED: 'On its way to the kitchen',
      PUBLISHED: 'Told to the kitchen',
      PARKED: 'Held up; we are looking at it',
      RECEIVED: 'The kitchen answered',
    } as Record<string, string>,
    cancelTold: 'The kitchen was told to stop',
    cancelToBeTold: 'The kitchen is being told to stop',
    ignored: 'The kitchen answered, which changed nothing',
    other: 'Something happened',
    waiting: {
      BROKER: 'Waiting until it can be passed on to the kitchen',
      INVENTORY: 'Waiting for the kitchen to answer',
      OPERATOR: 'Held up; somebody of ours has to look at it',
    } as Record<string, string>,
    waitingOther: 'Waiting',
    since: (time: string) => `since ${time}`,
    details: 'Technical details',
    none: 'It cannot be shown just now.',
  },

  orders: {
    title: 'Your orders',
    none: 'No orders yet',
    noneWhy: 'What you order appears here, with how it is going.',
    waiting: 'Waiting to be sent',
    past: 'Earlier',
    more: 'Show more',
    loading: 'Fetching your orders',
    offline: 'You are offline. These are your orders as they were last seen on this device.',
    offlineNone: 'You are offline. Your orders appear here when the network is back.',
    unreachable: 'The shop cannot be reached just now. These are your orders as they were last seen.',
    items: (n: number) => count(n, 'item', 'items'),
    sent: (n: number) => `${count(n, 'order', 'orders')} waiting to be sent`,
  },

  you: {
    title: 'You',
    as: 'You order as',
    rename: 'Name to order as',
    save: 'Save',
    saved: 'Saved.',
    badName: 'A name has 1 to 64 characters.',
    guest: 'Nobody has to sign in here. Who knows this name can see its orders.',
    signedIn: 'You are signed in. For your safety the sign-in ends when you close or reload the page.',
    signOut: 'Sign out',
    waitsFor: (n: number) => `${count(n, 'order', 'orders')} on this device ${n === 1 ? 'waits' : 'wait'} to be sent.`,
    device: 'On this device',
    deviceWhy: 'Your basket, the last menu, your last orders, and what waits to be sent. No password or token.',
    install: 'Install QuickBite',
    installWhy: 'Put it on your home screen; it opens without a network too.',
    system: 'How the system is',
  },

  signIn: {
    title: 'Please sign in',
    why: 'This shop wants to know who orders. Paste the token that you were given.',
    refused: 'That token does not count, or not any more. Please paste a new one.',
    notAToken: 'This is not a whole token. It has three parts with dots between them.',
    label: 'Token',
    button: 'Sign in',
    kept: 'It is kept in this page alone, and forgotten when you close it.',
  },

  status: {
    title: 'How the system is',
    allWell: 'Everything works',
    notWell: 'Something is not as it should be',
    unknown: 'Not known yet',
    live: (time: string) => `Live · ${time}`,
    stopped: 'Not reached; these are the last numbers',
    services: 'Services',
    ready: 'ready',
    notReady: 'not ready',
    runs: 'runs',
    ended: 'has ended',
    noAnswer: 'no answer',
    orders: 'Orders',
    pending: 'Asking the kitchen',
    confirmed: 'Confirmed',
    cancelled: 'Cancelled',
    events: 'Events',
    outboxOrders: 'Outbox of Orders',
    outboxInventory: 'Outbox of Inventory',
    lagOrders: 'Lag of Inventory on orders.v1',
    lagInventory: 'Lag of Orders on inventory.v1',
    deadOrders: 'Dead letters of orders.v1',
    deadInventory: 'Dead letters of inventory.v1',
    stories: 'Played when it started',
    addresses: 'Addresses',
    api: 'API',
    kafka: 'Kafka',
    ordersDatabase: "Orders' database",
    inventoryDatabase: "Inventory's database",
    folder: 'Data and logs',
    log: 'Log',
    process: (pid: number) => `process ${pid}`,
    alone: 'Outbox, lag and dead letters are told where the system was started by `quickbite up`. This is what Orders says of itself.',
    notKnown: 'not known',
  },

  network: {
    offline: 'Offline',
    offlineLong: 'You are offline. You can go on; what you order is sent later.',
    newVersion: 'A newer version is ready.',
    reload: 'Use it',
  },

  crash: { title: 'Something went wrong on this page', why: 'Your orders are safe. Loading the page again usually helps.', reload: 'Load again' },

  dish: (sku: string): { name: string; about: string } =>
    dishes.get(sku) ?? { name: humanized(sku), about: 'From the kitchen, as always.' },

  lines: (n: number, dish: string) => `${n} × ${dish}`,

  // A sentence that a customer understands, whatever the server said.
  problem: (problem: Problem | 'lost'): string =>
    problem === 'lost'
      ? 'The shop cannot be reached just now. Please try again in a moment.'
      : (Object.hasOwn(problems, problem.type) ? problems[problem.type]! : problem.status >= 500 ? kOurs : kTheirs),
};

const dishes = new Map(
  Object.entries({
    burger: { name: 'Burger', about: 'Grilled beef, pickles, house sauce.' },
    fries: { name: 'Fries', about: 'Twice fried, sea salt.' },
    pizza: { name: 'Pizza', about: 'Tomato, mozzarella, basil.' },
    noodles: { name: 'Noodles', about: 'Wok noodles, greens, sesame.' },
    sushi: { name: 'Sushi', about: 'Six pieces, salmon and tuna.' },
    salad: { name: 'Salad', about: 'Leaves, tomato, lemon dressing.' },
    soup: { name: 'Soup', about: 'Today’s pot, with bread.' },
    cola: { name: 'Cola', about: 'Ice cold.' },
  }),
);

// "veggie-wrap_2" is "Veggie wrap 2".
function humanized(sku: string): string {
  const words = sku.replaceAll(/[-_.]+/g, ' ').trim();
  return words === '' ? sku : words[0]!.toUpperCase() + words.slice(1);
}

const kOurs = 'Something went wrong on our side. Nothing is lost; please try again in a moment.';
const kTheirs = 'This could not be understood. Please load the page again and try once more.';
const kBusy = 'The shop is very busy. Please try again in a moment.';

// For every type that docs/api.md lists; a test holds them together.
export const problems: Record<string, string> = {
  'bad-request': kTheirs,
  'malformed-json': kTheirs,
  'bad-idempotency-key': kTheirs,
  'bad-query': kTheirs,
  unauthorized: 'Please sign in first.',
  'another-user': 'This order belongs to another name than the one you are signed in with.',
  'not-found': 'This is not here any more. Please load the page again.',
  'no-such-order': 'We do not know this order.',
  'method-not-allowed': kTheirs,
  'request-timeout': 'The network was too slow. Please try again.',
  'body-too-large': 'This order is too large. Please order less at once.',
  'target-too-long': kTheirs,
  'unsupported-media-type': kTheirs,
  'invalid-order': 'This order cannot be taken as it is. Please check the quantities.',
  'idempotency-key-reused': 'This order could not be told apart from another one. Please order again.',
  unprocessable: 'This order cannot be kept. Please change it and try again.',
  'too-many-requests': 'That was a little fast. Please wait a moment and try again.',
  'head-too-large': kTheirs,
  internal: kOurs,
  overloaded: kBusy,
  'menu-unavailable': 'The kitchen has not told us its menu yet. Please try again in a moment.',
  unavailable: 'Orders cannot be looked up just now. Please try again in a moment.',
  stopping: kBusy,
  dropped: kOurs,
  'deadline-passed': 'The answer took too long. We keep trying; nothing is ordered twice.',
};
