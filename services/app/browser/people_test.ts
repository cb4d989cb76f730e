// For everybody: who sees with ears, who has no mouse, who has a small screen; and what a page of ours may do at all.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Phone } from './phone';
import { theatre } from './theatre';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const house = theatre();

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical' || impact === 'moderate')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
  });
}

// Every view in every state that it has, one after the other.
async function tour(phone: Phone, look: (view: string) => Promise<void>): Promise<void> {
  const plenty = await house.stage.stock('plenty', 1000);
  const few = await house.stage.stock('few', 2);
  await phone.page.reload();
  await phone.dish(few).waitFor();
  await look('menu');
  await phone.open('Basket');
  await phone.reads('Nothing in here yet');
  await look('empty basket');
  await phone.open('Menu');
  await phone.add(few, 3);
  await phone.add(plenty, 12);
  await look('menu with a basket');
  await phone.open('Basket');
  await phone.reads(/Only 2 left/);
  await look('basket');
  await phone.place();
  await phone.sees('CANCELLED');
  await look('cancelled');
  await phone.open('Menu');
  await phone.add(plenty);
  await phone.place();
  await phone.sees('CONFIRMED');
  await phone.page.getByText('Technical details').click();
  await look('confirmed');
  await phone.page.getByRole('button', { name: 'Cancel order' }).click();
  await phone.reads('Cancel this order?');
  await look('dialog');
  await phone.page.keyboard.press('Escape');
  await phone.open('Orders');
  await phone.page.locator('.history .card').first().waitFor();
  await look('orders');
  await phone.open('You');
  await phone.reads('On this device');
  await look('you');
  await phone.page.goto(`${house.stage.url}/status`);
  await phone.page.locator('.addresses dd').first().waitFor();
  await look('status');
  await phone.page.goto(phone.url);
  await phone.dish(plenty).waitFor();
  await phone.context.setOffline(true);
  await phone.add(plenty);
  await phone.reads(/You are offline/);
  await look('menu offline');
  await phone.place();
  await phone.sees('WAITING');
  await look('waiting');
  await phone.context.setOffline(false);
  await phone.sees('CONFIRMED');
}

it.each(['light', 'dark'] as const)('has nothing that axe finds, in the %s', async (colorScheme) => {
  const phone = await house.phone({ colorScheme, reducedMotion: 'reduce' });
  await tour(phone, async (view) => {
    expect(await findings(phone.page), view).toEqual([]);
    await phone.screen(`${colorScheme}-${view.replaceAll(' ', '-')}`);
  });
});

it('fits 320 pixels, with targets that a thumb hits', async () => {
  const phone = await house.phone({ viewport: { width: 320, height: 568 } });
  await tour(phone, async (view) => {
    await phone.screen(`small-${view.replaceAll(' ', '-')}`);
    const found = await phone.page.evaluate(() => {
      const small = [...document.querySelectorAll('a, button, input, summary')]
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        // What is shown only to a keyboard, and what an open dialog covers, is nobody's target.
        .filter(({ element, box }) => box.width > 0 && !element.matches('.skip'))
        .filter(({ box }) => box.width < 44 || box.height < 44)
        .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}x${box.height}`);
      return { wide: document.documentElement.scrollWidth, small };
    });
    expect(found, view).toEqual({ wide: 320, small: [] });
  });
});

it('uses the room of a wide screen: the basket stands beside the menu', async () => {
  const plenty = await house.stage.stock('plenty', 1000);
  const phone = await house.phone({ viewport: { width: 1280, height: 800 }, hasTouch: false });
  await phone.add(plenty);
  await phone.page.getByRole('complementary').getByRole('button', { name: 'Place order' }).waitFor();
  expect(await findings(phone.page)).toEqual([]);
  await phone.screen('wide');
  await phone.page.getByRole('complementary').getByRole('button', { name: 'Place order' }).click();
  await phone.sees('CONFIRMED');
});

it('can be used with a keyboard alone, from the menu to a cancelled order', async () => {
  const plenty = await house.stage.stock('aaa-first', 1000);
  const phone = await house.phone({ hasTouch: false });
  await phone.dish(plenty).waitFor();
  const focused = () => phone.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
  const tabTo = async (name: RegExp) => {
    for (let i = 0; i < 80; i += 1) {
      await phone.page.keyboard.press('Tab');
      if (name.test(await focused())) return;
    }
    throw new Error(`no Tab leads to ${name}`);
  };
  await phone.page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the content');
  await phone.page.keyboard.press('Enter');
  await tabTo(/^Add Aaa first .* to the basket$/);
  await phone.page.keyboard.press('Enter');
  await expect.poll(focused).toMatch(/^One more Aaa first/); // the focus stays with the dish
  await phone.page.keyboard.press('Space');
  await tabTo(/^View basket · 2 items$/);
  await phone.page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Your basket'); // a screen reader hears where it is
  await tabTo(/^Place order$/);
  await phone.page.keyboard.press('Enter');
  await phone.sees('CONFIRMED');
  await tabTo(/^Cancel order$/);
  await phone.page.keyboard.press('Enter');
  await tabTo(/^Yes, cancel it$/);
  await phone.page.keyboard.press('Enter');
  await phone.sees('CANCELLED');
  expect(await phone.page.locator('[role=status][aria-live=polite] .hero-word').textContent()).toBe('Cancelled');
});

it('is served with a strict policy, hashed files for ever and the page never', async () => {
  const page = await fetch(`${house.stage.url}/`);
  const policy = page.headers.get('content-security-policy')!;
  for (const rule of ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
    expect(policy).toContain(rule);
  }
  expect(policy).not.toMatch(/unsafe|\*|data:/);
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    const file = await fetch(house.stage.url + path);
    expect(file.status, path).toBe(200);
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  }
  for (const path of ['/sw.js', '/manifest.webmanifest', '/orders', '/status']) {
    const file = await fetch(house.stage.url + path);
    expect([file.status, file.headers.get('cache-control')], path).toEqual([200, 'no-cache']);
  }
  for (const path of ['/pages.txt', '/assets/', '/..%2f..%2fetc/passwd', '/assets/..%2findex.html', '/nothing']) {
    expect((await fetch(house.stage.url + path)).status, path).toBe(404);
  }
});

it('can be installed: it has a manifest, icons that are there, and a service worker', async () => {
  const phone = await house.phone();
  await phone.installed();
  const manifest = (await (await fetch(`${house.stage.url}/manifest.webmanifest`)).json()) as { icons: { src: string }[]; display: string; start_url: string };
  expect(manifest).toMatchObject({ display: 'standalone', start_url: '/' });
  for (const { src } of manifest.icons) expect((await fetch(house.stage.url + src)).status, src).toBe(200);
  const session = await phone.context.newCDPSession(phone.page);
  expect((await session.send('Page.getInstallabilityErrors')).installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']); // as every test's browser is
});

it('runs no script that is not ours', async () => {
  const phone = await house.phone();
  await phone.dish('nothing').waitFor({ state: 'detached' });
  const ran = await phone.page.evaluate(async () => {
    const script = document.createElement('script');
    try {
      script.text = 'globalThis.ran = true';
    } catch {
      return 'refused';
    }
    document.body.append(script);
    return (globalThis as { ran?: boolean }).ran ?? 'refused';
  });
  expect(ran).toBe('refused');
  phone.faults.length = 0; // that it complained is what was wanted
});
