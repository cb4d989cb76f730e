// A phone with our app in a headless Chromium, and what a customer does with it.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';

const kScreens = fileURLToPath(new URL('../../../build/app-screens/', import.meta.url));

export function launch(): Promise<Browser> {
  const executablePath = process.env['QUICKBITE_CHROMIUM'] ?? '/usr/bin/chromium';
  // Root, as in a container, has no sandbox to offer.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

export class Phone {
  readonly faults: string[] = []; // what the browser complained of
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly url: string,
  ) {
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (message) => {
      // A network that is away is what some tests are about; everything else is a fault.
      if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) this.faults.push(message.text());
    });
  }

  static async take(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Phone> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'en-GB', ...options });
    const phone = new Phone(context, await context.newPage(), url);
    await phone.page.goto(url);
    return phone;
  }

  // Another tab of the same phone.
  async tab(path = '/'): Promise<Phone> {
    const phone = new Phone(this.context, await this.context.newPage(), this.url);
    await phone.page.goto(this.url + path);
    return phone;
  }

  // The app's own files are kept, so that it opens without a network.
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      while (navigator.serviceWorker.controller === null) await new Promise((resolve) => setTimeout(resolve, 20));
    });
  }

  user(): Promise<string> {
    return this.page.evaluate(() => localStorage.getItem('quickbite.subject') ?? localStorage.getItem('quickbite.guest')!);
  }

  dish(sku: string) {
    return this.page.locator(`.dish[data-sku="${sku}"]`);
  }

  async add(sku: string, times = 1): Promise<void> {
    const button = this.dish(sku).getByRole('button').last();
    for (let i = 0; i < times; i += 1) await button.click();
  }

  async open(tab: 'Menu' | 'Basket' | 'Orders' | 'You'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${tab}`) }).click();
  }

  async place(): Promise<void> {
    await this.open('Basket');
    await this.page.getByRole('button', { name: /^(Place order|Order when online)$/ }).click();
  }

  // As if the customer had filled it at another time, and comes back.
  async basket(lines: { sku: string; quantity: number }[], key = randomBytes(16).toString('hex')): Promise<void> {
    await this.page.evaluate((text) => localStorage.setItem('quickbite.basket', text), JSON.stringify({ key, lines }));
    await this.page.reload();
  }

  // The order that is shown has come to this.
  async sees(status: 'PENDING' | 'CONFIRMED' | 'CANCELLED' | 'WAITING' | 'REFUSED' | 'WITHDRAWING'): Promise<void> {
    await this.page.locator(`.hero[data-status="${status}"]`).waitFor();
  }

  async reads(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).first().waitFor();
  }

  async screen(name: string): Promise<void> {
    mkdirSync(kScreens, { recursive: true });
    await this.page.screenshot({ path: `${kScreens}${name}.png`, animations: 'disabled' });
  }

  async leave(): Promise<void> {
    expect(this.faults).toEqual([]);
    await this.context.close();
  }
}
