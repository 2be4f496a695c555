import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp } from '../../../builders/accounts.js';
import { ApiClient } from '../../../support/api-client.js';
import { startChromium } from '../../../support/chromium.js';
import { freshDirectory, ServiceProcess } from '../../../support/service-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { EchoService } from './echo-service.js';
import type { RunningGateway } from './gateway-kind.js';
import { onFreePort } from './gateway-process.js';
import { nginx } from './installed-gateways.js';
import { runNginx } from './nginx-gateway.js';

const PREFIX = '/id';

/** As many have it: everything below a path goes to Latchkey, and what is 200 is kept. */
const configuration = (latchkey: string, service: string, port: number) => `
  proxy_cache_path cache keys_zone=shared:1m;
  server {
    listen 127.0.0.1:${port};
    location /public/ { proxy_pass ${service}; }
    location ${PREFIX}/ {
      proxy_pass ${latchkey}/;
      proxy_set_header Host $http_host;
      proxy_cache shared;
      proxy_cache_valid 200 10m;
      add_header X-Cache $upstream_cache_status;
    }
  }
`;

for (const program of nginx === null ? [] : [nginx]) {
  describe('behind nginx with a path prefix and a cache', () => {
    let stores: Stores;
    let directory: Awaited<ReturnType<typeof freshDirectory>>;
    let latchkey: ServiceProcess;
    let service: EchoService;
    let proxy: RunningGateway;
    let browser: Browser;
    let api: ApiClient;
    beforeAll(async () => {
      [stores, directory, service] = await Promise.all([
        createStores(),
        freshDirectory(),
        EchoService.start(),
      ]);
      const environment = {
        ...CHEAP_ENOUGH_FOR_TESTS,
        DATABASE_URL: stores.databaseUrl,
        COOKIE_INSECURE: 'true',
      };
      [latchkey, browser] = await Promise.all([
        ServiceProcess.serve(directory.path, environment),
        startChromium(),
      ]);
      const upstream = latchkey.origin.replace('localhost', '127.0.0.1');
      const behind = { latchkey: upstream, service: service.origin, environment };
      proxy = await onFreePort((port) =>
        runNginx(program, behind, port, configuration(upstream, service.origin, port)),
      );
      api = new ApiClient(proxy.origin + PREFIX);
    }, onThisMachine(120_000));
    afterAll(async () => {
      await browser?.close();
      await proxy?.stop();
      await service?.stop();
      await latchkey?.destroy();
      await directory?.remove();
      await stores?.drop();
    });

    const open = async (path: string): Promise<Page> => {
      const page = await browser.newPage();
      await page.goto(proxy.origin + PREFIX + path);
      return page;
    };

    it.each(['/users/me', '/auth/me', '/auth/sessions'])(
      'nobody is given the %s of somebody else',
      async (path) => {
        const callers: SignedIn[] = [await signUp({ api }), await signUp({ api })];
        const texts: string[] = [];
        for (const { accessToken } of callers) {
          const answer = await api.get(path, { token: accessToken });
          expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'MISS']);
          texts.push(answer.text);
        }
        expect(texts[0]).not.toBe(texts[1]);
        expect((await api.get(path)).status).toBe(401);
      },
    );

    it('the cache does keep what is about nobody', async () => {
      await api.get('/.well-known/jwks.json');
      const again = await api.get('/.well-known/jwks.json');
      expect([again.status, again.headers.get('x-cache')]).toEqual([200, 'HIT']);
    });

    it.each(sampled(['/docs', '/docs/'], { oneIn: 2 }))(
      '“Try it out” of %s asks below the prefix',
      async (path) => {
        const page = await open(path);
        const operation = page.locator('[id$="HealthController_live"]');
        await operation.locator('.opblock-summary-control').click();
        await operation.locator('.try-out__btn').click();
        const asked = page.waitForResponse((answer) => answer.url().endsWith('/health/live'));
        await operation.locator('.execute').click();
        const answer = await asked;
        expect(answer.url()).toBe(`${proxy.origin}${PREFIX}/health/live`);
        expect(answer.status()).toBe(200);
        await page.close();
      },
    );

    it.each(sampled(['/demo', '/demo/'], { oneIn: 2, turn: 1 }))(
      'the page of %s signs in, calls and signs out',
      async (path) => {
        const { email } = await signUp({ api });
        const page = await open(path);
        await page.locator('#email').fill(email);
        await page.locator('#password').fill(PASSWORD);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.locator('#signed-in').waitFor();
        const background = await page.evaluate('getComputedStyle(document.body).fontFamily');
        expect(background).not.toMatch(/Times/);
        await page.getByRole('button', { name: 'GET /auth/me' }).click();
        await page.locator('#call-body').waitFor();
        expect(await page.locator('#call-result').innerText()).toBe(
          'Call 1: /auth/me answered 200.',
        );
        await page.locator('#sessions li').first().waitFor();
        await page.locator('#sign-out').click();
        await page.locator('#signed-out').waitFor();
        await page.close();
      },
    );
  });
}
