import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { startTestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

/** Every page that takes no sign-in, as it is when it is opened, and where it has another look by a link. */
const PAGES = [
  'sign-in',
  'sign-in#lko_made-up',
  'register',
  'verify',
  'verify#lko_made-up',
  'recover',
  'recover#lko_made-up',
  'accept-invitation',
  'accept-invitation#lko_made-up',
  'confirm-email',
  'confirm-email#lko_made-up',
  'undo-email-change',
  'undo-email-change#lko_made-up',
  'end-sessions',
  'end-sessions#lko_made-up',
  'link-identity',
  'link-identity#lko_made-up',
  'device',
  'device#WDJB-MJHT',
  'sign-out',
];

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
beforeAll(async () => {
  const env = {
    EMAIL_SIGN_IN: 'on',
    EMAIL_VERIFICATION: 'optional',
    SINGLE_SIGN_ON: 'on',
  };
  [browser, app] = await Promise.all([startChromium(), startTestApp(env)]);
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

it(
  'a password is masked, known as one to what keeps passwords, and pasted as it is',
  async () => {
    const visitor = await PageVisitor.come(browser, app);
    const { context, page } = visitor;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const pasted = ' pásted with spaces at both ends ';
    const seen: (readonly [string, string | null])[] = [];
    for (const name of ['sign-in', 'register', 'recover#lko_x', 'accept-invitation#lko_x']) {
      await visitor.open(`/pages/${name}`);
      expect(await page.locator('input[name*=assword]:not([type=password])').count()).toBe(0);
      const field = page.locator('input[type=password]').first();
      seen.push([name, await field.getAttribute('autocomplete')]);
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(pasted)})`);
      await field.focus();
      await page.keyboard.press('ControlOrMeta+V');
      expect([name, await field.inputValue()]).toEqual([name, pasted]);
    }
    expect(seen).toEqual([
      ['sign-in', 'current-password'],
      ['register', 'new-password'],
      ['recover#lko_x', 'new-password'],
      ['accept-invitation#lko_x', 'new-password'],
    ]);
    await context.close();
  },
  onThisMachine(60_000),
);

const LOOKS = [390, 1280].flatMap((width) =>
  ['en-US', 'de-DE'].flatMap((locale) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ width, locale, colorScheme })),
  ),
);

describe('every page', () => {
  // Quick has two of the looks, and half of the pages in each.
  it.each(sampled(LOOKS, { oneIn: 5 }).map((look, turn) => ({ ...look, turn })))(
    'at $width px, in $locale and $colorScheme: axe finds nothing',
    async ({ width, locale, colorScheme, turn }) => {
      const options = { viewport: { width, height: 800 }, locale, colorScheme };
      const visitor = await PageVisitor.come(browser, app, options);
      const { email } = await signUp(app);
      const found: unknown[] = [];
      const grounds = new Set<string>();
      const look = async (page: string) => {
        found.push(...(await visitor.findings()).map((finding) => [page, finding]));
        grounds.add(
          await visitor.page.evaluate(
            'getComputedStyle(document.body.parentElement).backgroundColor',
          ),
        );
        const folder = process.env.PAGES_SCREENSHOTS;
        const path = `${folder}/every ${page} ${width} ${locale} ${colorScheme}.png`;
        if (folder !== undefined) await visitor.page.screenshot({ path, fullPage: true });
      };
      for (const page of sampled(PAGES, { oneIn: 2, turn })) {
        await visitor.open(`/pages/${page}`);
        await look(page);
      }
      await visitor.open('/pages/sign-in');
      await visitor.page.locator('input[type=email]').fill(email);
      await visitor.page.locator('input[type=password]').fill(PASSWORD);
      await visitor.page.keyboard.press('Enter');
      await visitor.page.locator('section').first().waitFor();
      await look('account');
      expect(found).toEqual([]);
      expect([...grounds]).toEqual([
        colorScheme === 'dark' ? 'rgb(17, 20, 26)' : 'rgb(244, 245, 247)',
      ]);
      expect(visitor.complaints).toEqual([]);
      await visitor.context.close();
    },
    onThisMachine(90_000),
  );
});
