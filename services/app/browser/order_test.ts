// Ordering with a network: what a customer does, and what comes of it.
import { expect, it } from 'vitest';
import { theatre } from './theatre';

const house = theatre();

it('orders several lines at once, and reserves all of them', async () => {
  const taco = await house.stage.stock('taco', 5);
  const tea = await house.stage.stock('tea', 5);
  const phone = await house.phone();
  await phone.add(taco, 3);
  await phone.add(tea, 2);
  await phone.reads('View basket · 5 items');
  await phone.place();
  await phone.sees('CONFIRMED');
  await phone.open('Menu');
  await phone.dish(taco).getByText('Only 2 left').waitFor();
  await phone.dish(tea).getByText('Only 3 left').waitFor();
});

it('tells in plain words that something is sold out, and takes nothing of the rest', async () => {
  const rare = await house.stage.stock('rare', 1);
  const plain = await house.stage.stock('plain', 5);
  const phone = await house.phone();
  await phone.add(rare, 2);
  await phone.add(plain);
  await phone.open('Basket');
  await phone.reads(/Rare .*: Only 1 left/);
  await phone.place();
  await phone.sees('CANCELLED');
  await phone.reads('Something in it is sold out, and half an order is no order.');
  await phone.screen('sold-out');
  await phone.open('Menu');
  await phone.dish(rare).getByText('Only 1 left').waitFor();
  await phone.dish(plain).getByText('Only 5 left').waitFor();
});

it('tells that a dish is not on the menu any more', async () => {
  const phone = await house.phone();
  await phone.basket([{ sku: 'dodo-pie', quantity: 1 }]);
  await phone.open('Basket');
  await phone.reads('Dodo pie is not on the menu now.');
  await phone.place();
  await phone.sees('CANCELLED');
  await phone.reads('Something in it is not on the menu any more.');
});

it('shows what is sold out as sold out', async () => {
  const gone = await house.stage.stock('gone', 1);
  const phone = await house.phone();
  await phone.add(gone);
  await phone.place();
  await phone.sees('CONFIRMED');
  await phone.open('Menu');
  await phone.dish(gone).getByText('Sold out').waitFor();
});

it('cancels an order, after asking, and the stock is given back', async () => {
  const stew = await house.stage.stock('stew', 4);
  const phone = await house.phone();
  await phone.add(stew, 3);
  await phone.place();
  await phone.sees('CONFIRMED');
  await phone.page.getByRole('button', { name: 'Cancel order' }).click();
  await phone.page.getByRole('button', { name: 'Keep it' }).click();
  await phone.sees('CONFIRMED');
  await phone.page.getByRole('button', { name: 'Cancel order' }).click();
  await phone.page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await phone.sees('CANCELLED');
  await phone.reads('You cancelled it.');
  await phone.reads('The kitchen was told to stop');
  await phone.open('Menu');
  await phone.dish(stew).getByText('Only 4 left').waitFor();
});

it('follows an order that is cancelled elsewhere', async () => {
  const stew = await house.stage.stock('stew', 4);
  const phone = await house.phone();
  await phone.add(stew);
  await phone.place();
  await phone.sees('CONFIRMED');
  const id = new URL(phone.page.url()).searchParams.get('id');
  await fetch(`${house.stage.url}/v1/orders/${id}/cancel`, { method: 'POST' });
  await phone.sees('CANCELLED');
});

it('pages through the history, newest first, and opens an order of it', async () => {
  const soup = await house.stage.stock('broth', 100);
  const phone = await house.phone();
  const user = await phone.user();
  for (let quantity = 1; quantity <= 23; quantity += 1) {
    await fetch(`${house.stage.url}/v1/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ userId: user, sku: soup, quantity }),
    });
  }
  await phone.open('Orders');
  const cards = phone.page.locator('.history .card');
  await cards.first().waitFor();
  expect(await cards.count()).toBe(10);
  await phone.page.getByRole('button', { name: 'Show more' }).click();
  await cards.nth(19).waitFor();
  await phone.page.getByRole('button', { name: 'Show more' }).click();
  await cards.nth(22).waitFor();
  expect(await cards.count()).toBe(23);
  expect(await phone.page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  const quantities = (await cards.locator('.card-names').allTextContents()).map((text) => parseInt(text, 10));
  expect(quantities).toEqual(Array.from({ length: 23 }, (_, i) => 23 - i));
  await phone.screen('history');
  await cards.nth(22).click();
  await phone.reads('× 1');
  await phone.page.goBack();
  await cards.first().waitFor();
});

it('tells the timeline, and its technical side to who asks for it', async () => {
  const stew = await house.stage.stock('stew', 4);
  const phone = await house.phone();
  await phone.add(stew);
  await phone.place();
  await phone.sees('CONFIRMED');
  const timeline = phone.page.locator('.timeline li');
  await timeline.nth(3).waitFor();
  expect((await timeline.locator('span').allTextContents()).slice(0, 4).sort()).toEqual(
    ['Confirmed', 'The kitchen answered', 'Told to the kitchen', 'You placed the order']);
  expect(await phone.page.getByText('orders.v1').isVisible()).toBe(false);
  await phone.page.getByText('Technical details').click();
  await phone.page.getByText(/orders\.v1\[\d\]@\d+/).first().waitFor();
});

it('makes one order of two quick taps, and of a reload in the middle of it', async () => {
  const stew = await house.stage.stock('stew', 4);
  const phone = await house.phone();
  await phone.add(stew);
  await phone.open('Basket');
  await phone.page.getByRole('button', { name: 'Place order' }).dblclick();
  await phone.page.waitForURL(/\/order\?/);
  await phone.page.reload();
  await phone.sees('CONFIRMED');
  expect(await house.stage.ordersOf(await phone.user())).toBe(1);
});

it('makes one order of a basket, also where the page ended before it was emptied, and from two tabs', async () => {
  const stew = await house.stage.stock('stew', 4);
  const first = await house.phone();
  await first.add(stew);
  const before = await first.page.evaluate(() => localStorage.getItem('quickbite.basket')!);
  await first.place();
  await first.sees('CONFIRMED');
  await first.open('Basket');
  await first.reads('Nothing in here yet');
  const { key, lines } = JSON.parse(before) as { key: string; lines: { sku: string; quantity: number }[] };
  await first.basket(lines, key);
  await first.reads('Nothing in here yet');

  await first.basket(lines);
  const second = await first.tab('/basket');
  const buttons = [first, second].map((phone) => phone.page.getByRole('button', { name: 'Place order' }));
  await Promise.all(buttons.map((button) => button.waitFor()));
  await Promise.all(buttons.map((button) => button.click().catch(() => {}))); // the other tab's may be gone by then
  await Promise.race([first.sees('CONFIRMED'), second.sees('CONFIRMED')]);
  expect(await house.stage.ordersOf(await first.user())).toBe(2);
});

it('orders the same again', async () => {
  const stew = await house.stage.stock('stew', 9);
  const phone = await house.phone();
  await phone.add(stew, 2);
  await phone.place();
  await phone.sees('CONFIRMED');
  await phone.page.getByRole('button', { name: 'Order again' }).click();
  await phone.place();
  await phone.sees('CONFIRMED');
  expect(await house.stage.ordersOf(await phone.user())).toBe(2);
});

it('says what is wrong in a sentence, never a status or a stack', async () => {
  const stew = await house.stage.stock('stew', 9);
  const phone = await house.phone();
  house.tunnel.refuseNext(422, '{"type":"/problems/unprocessable","title":"T","status":422,"detail":"SQLSTATE 23514 at ledger.cc:12"}');
  await phone.add(stew);
  await phone.place();
  await phone.sees('REFUSED');
  await phone.reads('This order cannot be kept. Please change it and try again.');
  expect(await phone.page.locator('main').textContent()).not.toMatch(/422|SQLSTATE|unprocessable/);
  await phone.page.getByRole('button', { name: 'Back to the basket' }).click();
  await phone.place();
  await phone.sees('CONFIRMED');
});

it('opens a link to an order that nobody knows with a sentence', async () => {
  const phone = await house.phone();
  for (const id of ['00000000-0000-4000-8000-000000000000', '<script>', '../../etc/passwd']) {
    await phone.page.goto(`${phone.url}/order?id=${encodeURIComponent(id)}`);
    await phone.reads('We do not know this order');
  }
});
