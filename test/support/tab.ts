import type { BrowserContext, Page } from 'playwright-core';
import type { Client } from '../../src/latchkey/published/client/index.js';
import { addClient } from './chromium.js';

/** What the page of a tab has as globals. */
interface PageGlobals {
  readonly client: Client;
  /** The session that it was told of each time, null for its end. */
  readonly heard: (string | null)[];
}

const MAKE_CLIENT = `if (location.protocol === 'http:') {
  globalThis.client = latchkey.createClient({ baseUrl: '/', delivery: 'cookie' });
  globalThis.heard = [];
  client.onChange((principal) => heard.push(principal && principal.sessionId));
}`;

/** What became of a call: the status of its answer, or the code of the client's error. */
export type Outcome = number | string;

/** A page of the server's own origin that uses `latchkey/client`. */
export class Tab {
  private constructor(
    readonly page: Page,
    private readonly origin: string,
  ) {}

  /** @param script runs before the page's own, such as to change its clocks */
  static async prepare(context: BrowserContext, script = ''): Promise<void> {
    await addClient(context, `${script}\n${MAKE_CLIENT}`);
  }

  static async open(context: BrowserContext, origin: string): Promise<Tab> {
    const tab = new Tab(await context.newPage(), origin);
    await tab.load();
    return tab;
  }

  /** As in a browser that nobody has signed in at, which costs more than the tabs of one that is there. */
  static async startOver(context: BrowserContext, tabs: readonly Tab[]): Promise<void> {
    await Promise.all(tabs.map((tab) => tab.load()));
    // Now that nobody waits for an answer which would set them again.
    await context.clearCookies();
  }

  /** Any page of the origin does; this one is small and needs nobody to be signed in. */
  async load(): Promise<void> {
    await this.page.goto(`${this.origin}/health/live`);
  }

  logIn(email: string, password: string): Promise<string> {
    return this.page.evaluate(
      async ([name = '', secret = '']) => {
        const { client } = globalThis as unknown as PageGlobals;
        return (await client.login(name, secret)).sessionId;
      },
      [email, password],
    );
  }

  changePassword(current: string, next: string): Promise<string> {
    return this.page.evaluate(
      async ([former = '', chosen = '']) => {
        const { client } = globalThis as unknown as PageGlobals;
        return (await client.changePassword(former, chosen)).sessionId;
      },
      [current, next],
    );
  }

  logOut(): Promise<void> {
    return this.page.evaluate(() => (globalThis as unknown as PageGlobals).client.logout());
  }

  /** The session's id, or null. */
  restore(): Promise<string | null> {
    return this.page.evaluate(async () => {
      const { client } = globalThis as unknown as PageGlobals;
      return (await client.restore())?.sessionId ?? null;
    });
  }

  call(path = '/auth/me'): Promise<Outcome> {
    return this.page.evaluate(async (address) => {
      const { client } = globalThis as unknown as PageGlobals;
      const call = client.fetch(address).then(({ status }) => status);
      return call.catch((error) => error.code ?? String(error));
    }, path);
  }

  /** Calls again and again, in time with every other tab that does, and counts the outcomes. */
  callFor(seconds: number, everyMilliseconds: number): Promise<Record<Outcome, number>> {
    return this.page.evaluate(
      async ([duration = 0, period = 0]) => {
        const { client } = globalThis as unknown as PageGlobals;
        const outcomes: Record<Outcome, number> = {};
        const end = performance.now() + duration * 1000;
        while (performance.now() < end) {
          const now = performance.timeOrigin + performance.now();
          await new Promise((resolve) => setTimeout(resolve, period - (now % period)));
          const call = client.fetch('/auth/me').then(({ status }) => status);
          const outcome = await call.catch((error) => error.code ?? String(error));
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        }
        return outcomes;
      },
      [seconds, everyMilliseconds],
    );
  }

  heard(): Promise<(string | null)[]> {
    return this.page.evaluate(() => (globalThis as unknown as PageGlobals).heard);
  }

  signedIn(): Promise<boolean> {
    return this.page.evaluate(
      () => (globalThis as unknown as PageGlobals).client.principal !== null,
    );
  }
}
