// The paths of the app. Orders serves the page under exactly these (finish.mjs reads them from here).

export const pages = {
  menu: '/',
  basket: '/basket',
  orders: '/orders',
  order: '/order',
  you: '/you',
  status: '/status',
} as const;
