// Without a network, with half of one, with two tabs: one order is one order.
import { expect, it } from 'vitest';
import { theatre } from './theatre';

const house = theatre();

it('sends what was ordered offline after the tab was closed and opened again', async () => {
  const pie = await house.stage.stock('pie', 5);
  const phone = await house.phone();
  await phone.installed();
  await phone.dish(pie).waitFor();
  await phone.context.setOffline(true);
  await phone.add(pie, 2);
  await phone.place();
  await phone.sees('WAITING');
  const user = await phone.user();
  await phone.page.close();

  // Still no network: the app opens all the same, and knows what waits.
  const later = await phone.tab('/orders');
  await later.reads('Waiting to be sent');
  await later.page.close();
  expect(await house.stage.ordersOf(user)).toBe(0);

  await phone.context.setOffline(false);
  const back = await phone.tab('/orders');
  await back.page.locator('.history .chip.confirmed').waitFor();
  expect(house.tunnel.posts).toHaveLength(1);
  expect(await house.stage.ordersOf(user)).toBe(1);
  expect(back.faults).toEqual([]);
});

it('sends it once from two tabs that both see it', async () => {
  const pie = await house.stage.stock('pie', 5);
  const first = await house.phone();
  await first.installed();
  await first.dish(pie).waitFor();
  const second = await first.tab('/orders');
  await first.context.setOffline(true);
  await first.add(pie);
  await first.place();
  await first.sees('WAITING');
  await second.reads('Waiting to be sent');
  await first.context.setOffline(false);
  await first.sees('CONFIRMED');
  await second.page.locator('.history .card').first().waitFor();
  expect(await second.page.locator('.history .card').count()).toBe(1);
  expect(house.tunnel.posts).toHaveLength(1);
  expect(await house.stage.ordersOf(await first.user())).toBe(1);
});

it('can be withdrawn while it waits, and is then never sent', async () => {
  const pie = await house.stage.stock('pie', 5);
  const phone = await house.phone();
  await phone.dish(pie).waitFor();
  await phone.context.setOffline(true);
  await phone.add(pie);
  await phone.place();
  await phone.page.getByRole('button', { name: 'Withdraw' }).click();
  await phone.reads('Withdrawn. Nothing was ordered.');
  await phone.context.setOffline(false);
  await phone.open('Orders');
  await phone.reads('No orders yet');
  expect(house.tunnel.posts).toEqual([]);
});

it('asks again with the same key where the answer was lost, and gets the same order', async () => {
  const pie = await house.stage.stock('pie', 5);
  const phone = await house.phone();
  await phone.dish(pie).waitFor();
  house.tunnel.loseAnswers(2);
  await phone.add(pie, 2);
  await phone.place();
  await phone.sees('CONFIRMED');
  expect(house.tunnel.posts.length).toBeGreaterThanOrEqual(3);
  expect(new Set(house.tunnel.posts).size).toBe(1);
  expect(await house.stage.ordersOf(await phone.user())).toBe(1);
  await phone.open('Menu');
  await phone.dish(pie).getByText('Only 3 left').waitFor();
});

it('survives a tunnel: the phone says that it is online, and nothing gets through', async () => {
  const pie = await house.stage.stock('pie', 5);
  const phone = await house.phone();
  await phone.installed();
  await phone.dish(pie).waitFor();
  house.tunnel.close();
  await phone.add(pie);
  await phone.place();
  await phone.sees('WAITING');
  await phone.reads('We keep trying; it is sent once, however often we have to.');
  await phone.page.reload(); // nothing of the page comes through the tunnel either
  await phone.sees('WAITING');
  house.tunnel.reopen();
  await phone.sees('CONFIRMED');
  expect(await house.stage.ordersOf(await phone.user())).toBe(1);
});

it('cancels what is withdrawn after it may have got through', async () => {
  const pie = await house.stage.stock('pie', 5);
  const phone = await house.phone();
  await phone.dish(pie).waitFor();
  house.tunnel.loseAnswers(10); // the browser itself asks a second time where a kept connection breaks
  await phone.add(pie, 2);
  const lost = phone.page.waitForEvent('requestfailed', (request) => request.method() === 'POST');
  await phone.place();
  await lost;
  house.tunnel.close();
  await phone.page.getByRole('button', { name: 'Withdraw' }).click();
  await phone.sees('WITHDRAWING');
  house.tunnel.loseAnswers(0);
  house.tunnel.reopen();
  await phone.reads('Withdrawn. Nothing was ordered.');
  await phone.open('Orders');
  await phone.page.locator('.history .chip.cancelled').waitFor();
  await phone.open('Menu');
  await phone.dish(pie).getByText('Only 5 left').waitFor();
});

it('waits as long as a busy shop wishes, and then sends it', async () => {
  const pie = await house.stage.stock('pie', 5);
  const phone = await house.phone();
  await phone.dish(pie).waitFor();
  house.tunnel.refuseNext(503, '{"type":"/problems/overloaded","status":503}', { 'Retry-After': '2', 'Content-Type': 'application/problem+json' });
  await phone.add(pie);
  const begin = Date.now();
  await phone.place();
  await phone.sees('CONFIRMED');
  expect(Date.now() - begin).toBeGreaterThanOrEqual(1900);
  expect(new Set(house.tunnel.posts).size).toBe(1);
});

it('orders from a shop on a machine that has no network but itself', async () => {
  const pie = await house.stage.stock('pie', 5);
  const phone = await house.phone();
  await phone.page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false }));
  await phone.page.reload();
  await phone.dish(pie).waitFor();
  await phone.add(pie);
  await phone.place();
  await phone.sees('CONFIRMED');
});

it('offers a newer version of the app, and takes it when the customer wants it', async () => {
  const phone = await house.phone();
  await phone.installed();
  house.tunnel.append('/sw.js', '\n// a newer one');
  await phone.page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await phone.reads('A newer version is ready.');
  const loaded = phone.page.waitForEvent('load');
  await phone.page.getByRole('button', { name: 'Use it' }).click();
  await loaded;
  await phone.reads('What would you like?');
  expect(await phone.page.getByText('A newer version is ready.').count()).toBe(0);
});

it('shows the last menu with its time, and the last orders, while there is no network', async () => {
  const pie = await house.stage.stock('pie', 5);
  const phone = await house.phone();
  await phone.installed();
  await phone.add(pie);
  await phone.place();
  await phone.sees('CONFIRMED');
  await phone.open('Orders');
  await phone.page.locator('.history .card').first().waitFor();
  await phone.context.setOffline(true);
  await phone.page.reload();
  await phone.page.locator('.history .card').first().waitFor();
  await phone.reads('These are your orders as they were last seen on this device.');
  await phone.open('Menu');
  await phone.reads(/You are offline\. This is the menu as of \d+:\d\d/);
  await phone.dish(pie).waitFor();
});
