// The shortest tour, which `./quickbite test` takes too.
import { expect, it } from 'vitest';
import { theatre } from './theatre';

const house = theatre();

it('shows the menu within a second, takes an order, and sees it confirmed', async () => {
  for (const sku of ['burger', 'fries', 'pizza', 'sushi', 'salad', 'cola']) await house.stage.act(`stock ${sku} 1000`);
  await house.stage.act('stock noodles 4');
  const phone = await house.phone();
  await phone.dish('burger').waitFor();
  // By the page's own clock, from the navigation to the first dish; the best of some, as a machine may be busy with other things.
  await phone.page.addInitScript(() => {
    new MutationObserver((_changes, watching) => {
      if (document.querySelector('.dish .stepper button') === null) return;
      watching.disconnect();
      (globalThis as { usable?: number }).usable = performance.now();
    }).observe(document, { childList: true, subtree: true });
  });
  let usable = Infinity;
  for (let visit = 0; visit < 10 && usable >= 1000; visit += 1) {
    await phone.page.reload();
    await phone.dish('burger').waitFor();
    usable = Math.min(usable, await phone.page.evaluate(() => (globalThis as { usable?: number }).usable!));
  }
  expect(usable).toBeLessThan(1000);
  await phone.screen('menu');

  await phone.add('burger', 2);
  await phone.add('fries');
  await phone.place();
  await phone.sees('CONFIRMED');
  await phone.reads('The kitchen has everything and is on it.');
  await phone.page.locator('.timeline li.confirmed').waitFor();
  await phone.screen('confirmed');
  expect(await house.stage.ordersOf(await phone.user())).toBe(1);
});

it('keeps an order that is placed offline, and sends it once when the network is back', async () => {
  const phone = await house.phone();
  await phone.dish('burger').waitFor();
  await phone.context.setOffline(true);
  await phone.add('burger', 2);
  await phone.add('cola');
  await phone.place();
  await phone.sees('WAITING');
  await phone.screen('waiting');
  expect(house.tunnel.posts).toEqual([]);

  await phone.context.setOffline(false);
  await phone.sees('CONFIRMED');
  expect(house.tunnel.posts).toHaveLength(1);
  expect(await house.stage.ordersOf(await phone.user())).toBe(1);
});
