// A server that wants to know who asks.
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Phone } from './phone';
import { theatre } from './theatre';

const secret = randomBytes(32).toString('hex');

const house = theatre(() => {
  const file = join(mkdtempSync(join(tmpdir(), 'quickbite-key-')), 'key');
  writeFileSync(file, secret, { mode: 0o600 });
  return [`--jwt-keys=${file}`];
});

function tokenOf(subject: string, seconds = 600, key = secret): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: subject, exp: Math.floor(Date.now() / 1000) + seconds })}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

async function signIn(phone: Phone, token: string): Promise<void> {
  await phone.page.getByLabel('Token').fill(token);
  await phone.page.getByRole('button', { name: 'Sign in' }).click();
}

it('asks for a token, and takes an order with it', async () => {
  const bowl = await house.stage.stock('bowl', 5);
  const phone = await house.phone();
  await phone.reads('Please sign in');
  await phone.screen('sign-in');
  await signIn(phone, tokenOf('ada'));
  await phone.add(bowl);
  await phone.place();
  await phone.sees('CONFIRMED');
  expect(await house.stage.ordersOf('ada')).toBe(1);
});

it('says when a token does not count, and takes a better one', async () => {
  const phone = await house.phone();
  await signIn(phone, 'nonsense');
  await phone.reads('This is not a whole token.');
  await signIn(phone, tokenOf('eve', 600, 'another key'));
  await phone.reads('That token does not count, or not any more. Please paste a new one.');
  await signIn(phone, tokenOf('eve', -3600));
  await phone.reads('That token does not count, or not any more.');
  await signIn(phone, tokenOf('eve'));
  await phone.reads('What would you like?');
});

it('puts no token into any storage, and asks again after a reload', async () => {
  const phone = await house.phone();
  const token = tokenOf('ada');
  await signIn(phone, token);
  await phone.reads('What would you like?');
  const stored = await phone.page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const entries = await Promise.all(databases.map(({ name }) => new Promise((resolve) => {
      const opening = indexedDB.open(name!);
      opening.onsuccess = () => {
        const stores = [...opening.result.objectStoreNames];
        if (stores.length === 0) return resolve([]);
        const all = opening.result.transaction(stores).objectStore(stores[0]!).getAll();
        all.onsuccess = () => resolve(all.result);
      };
    })));
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, entries]);
  });
  for (const part of token.split('.')) expect(stored).not.toContain(part);
  expect(stored).toContain('ada'); // it looked where things are
  await phone.page.reload();
  await phone.reads('Please sign in');
});

it('sends an order that was placed before signing in, as whoever signs in', async () => {
  const bowl = await house.stage.stock('bowl', 5);
  const phone = await house.phone();
  await phone.reads('Please sign in');
  await phone.basket([{ sku: bowl, quantity: 1 }]);
  await phone.reads('Please sign in');
  await phone.place();
  await phone.reads('Please sign in');
  await signIn(phone, tokenOf('grace'));
  await phone.sees('CONFIRMED');
  expect(await house.stage.ordersOf('grace')).toBe(1);
});

it('keeps one customer’s waiting order from being sent by another', async () => {
  const bowl = await house.stage.stock('bowl', 5);
  const phone = await house.phone();
  await phone.installed();
  await signIn(phone, tokenOf('kay'));
  await phone.dish(bowl).waitFor();
  await phone.context.setOffline(true);
  await phone.add(bowl);
  await phone.place();
  await phone.sees('WAITING');
  await phone.open('You');
  await phone.page.getByRole('button', { name: 'Sign out' }).click();
  await phone.context.setOffline(false);
  await phone.open('Menu');
  await signIn(phone, tokenOf('mallory'));
  await phone.reads('What would you like?');
  await phone.open('Orders');
  await phone.reads('Waiting to be sent');
  expect(await house.stage.ordersOf('mallory')).toBe(0);
  await phone.page.reload();
  await signIn(phone, tokenOf('kay'));
  await phone.page.locator('.history .chip.confirmed').waitFor();
  expect(await house.stage.ordersOf('kay')).toBe(1);
  expect(await house.stage.ordersOf('mallory')).toBe(0);
});

it('does not show another’s order', async () => {
  const bowl = await house.stage.stock('bowl', 5);
  const answer = await fetch(`${house.stage.url}/v1/orders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${tokenOf('ada')}` },
    body: JSON.stringify({ sku: bowl, quantity: 1 }),
  });
  const { orderId } = (await answer.json()) as { orderId: string };
  const phone = await house.phone();
  await phone.page.goto(`${phone.url}/order?id=${orderId}`);
  await signIn(phone, tokenOf('eve'));
  await phone.reads('We do not know this order');
});
