// What every test file has: a system, a tunnel to it, a browser; and what is left is cleared away.
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launch, Phone } from './phone';
import { Stage } from './stage';
import { Tunnel } from './tunnel';

export interface Theatre {
  stage: Stage;
  tunnel: Tunnel;
  phone(options?: BrowserContextOptions): Promise<Phone>;
}

export function theatre(flags: () => string[] = () => []): Theatre {
  let browser: Browser | undefined;
  const phones: Phone[] = [];
  const made = {
    phone: async (options?: BrowserContextOptions) => {
      const phone = await Phone.take(browser!, made.tunnel.url, options);
      phones.push(phone);
      return phone;
    },
  } as Theatre;
  beforeAll(async () => {
    made.stage = await Stage.start(flags());
    made.tunnel = await Tunnel.to(made.stage.url);
    browser = await launch();
  });
  afterEach(async () => {
    made.tunnel.reopen();
    made.tunnel.posts = [];
    for (const phone of phones.splice(0)) await phone.leave();
  });
  afterAll(async () => {
    await browser?.close();
    await made.tunnel?.end();
    await made.stage?.end();
  });
  return made;
}
