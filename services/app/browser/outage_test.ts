// The system breaks in its own ways; the customer goes on ordering.
import { expect, it } from 'vitest';
import { theatre } from './theatre';

const house = theatre();

it('takes an order while Kafka is down, says that it takes longer, and confirms it when Kafka is back', async () => {
  const ramen = await house.stage.stock('ramen', 5);
  const phone = await house.phone();
  await phone.dish(ramen).waitFor();
  await house.stage.act('kafka down');
  await phone.add(ramen);
  await phone.place();
  await phone.sees('PENDING');
  await phone.reads('Waiting until it can be passed on to the kitchen');
  await phone.reads('This takes longer than usual. Your order is safe');
  await phone.screen('kafka-down');
  await house.stage.act('kafka up');
  await phone.sees('CONFIRMED');
  expect(await house.stage.ordersOf(await phone.user())).toBe(1);
});

it('orders across a crash of Orders: the page waits, and goes on by itself', async () => {
  const ramen = await house.stage.stock('ramen', 5);
  const phone = await house.phone();
  await phone.installed();
  await phone.dish(ramen).waitFor();
  await house.stage.act('orders kill');
  await phone.add(ramen);
  await phone.place();
  await phone.sees('WAITING');
  await house.stage.act('orders start');
  await phone.sees('CONFIRMED');
  expect(await house.stage.ordersOf(await phone.user())).toBe(1);
});

it('watches on when Orders is restarted while it asks the kitchen', async () => {
  const ramen = await house.stage.stock('ramen', 5);
  const phone = await house.phone();
  await phone.dish(ramen).waitFor();
  await house.stage.act('kafka down');
  await phone.add(ramen);
  await phone.place();
  await phone.sees('PENDING');
  await house.stage.act('orders stop');
  await phone.reads('This may be out of date: we cannot reach the shop just now, and keep trying.');
  await house.stage.act('kafka up');
  await house.stage.act('orders start');
  await phone.sees('CONFIRMED');
});

it('shows the last menu, with its time, while Inventory is away, and takes orders all the same', async () => {
  const ramen = await house.stage.stock('ramen', 5);
  const phone = await house.phone();
  await phone.dish(ramen).waitFor();
  await house.stage.act('inventory kill');
  await phone.page.reload();
  await phone.reads(/The kitchen does not answer just now\. This is the menu as of \d+:\d\d/);
  await phone.screen('menu-stale');
  await phone.add(ramen);
  await phone.place();
  await phone.sees('PENDING');
  await phone.reads('Waiting for the kitchen to answer');
  await house.stage.act('inventory start');
  await phone.sees('CONFIRMED');
});

it('shows how the system is, live', async () => {
  const ramen = await house.stage.stock('ramen', 5);
  const phone = await house.phone();
  await phone.page.goto(`${house.stage.url}/status`);
  await phone.reads('Everything works');
  const number = (name: string) => phone.page.locator('.numbers > div', { hasText: name }).locator('dd');
  await house.stage.act('kafka down');
  await fetch(`${house.stage.url}/v1/orders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId: 'status', sku: ramen, quantity: 1 }),
  });
  await expect.poll(() => number('Outbox of Orders').textContent(), { timeout: 10_000 }).toBe('1');
  await expect.poll(() => number('Lag of Inventory').textContent(), { timeout: 10_000 }).toBe('not known');
  await house.stage.act('kafka up');
  await expect.poll(() => number('Outbox of Orders').textContent(), { timeout: 20_000 }).toBe('0');
  await expect.poll(() => number('Lag of Inventory').textContent(), { timeout: 20_000 }).toBe('0');
  await house.stage.act('inventory kill');
  await phone.reads('Something is not as it should be');
  await phone.screen('status');
  await house.stage.act('inventory start');
  await phone.reads('Everything works');
});
