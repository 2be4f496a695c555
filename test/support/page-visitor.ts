import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { eventually } from './eventually.js';
import type { TestApp } from './test-app.js';
import { isFullDepth } from './test-depth.js';

/** Less than half of what the module exports, which a browser takes as long to read as a page to open. */
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
/** Nothing of what it finds to be right, which is most of it. */
const FIND = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`;

/** Somebody at Latchkey's pages, by the keyboard alone, in a browser of their own. */
export class PageVisitor {
  /** What the browser complained of: scripts that failed, and what the policy refused. */
  readonly complaints: string[] = [];
  /** Every address that was asked for, as the server sees it. */
  readonly asked: string[] = [];
  /** Whatever else a request named: `Referer`. */
  readonly referrers: string[] = [];

  private constructor(
    private readonly origin: string,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async come(
    browser: Browser,
    { origin }: Pick<TestApp, 'origin'>,
    options: BrowserContextOptions = {},
  ): Promise<PageVisitor> {
    const context = await browser.newContext({ locale: 'en-US', ...options });
    const visitor = new PageVisitor(
      origin.replace('127.0.0.1', 'localhost'),
      context,
      await context.newPage(),
    );
    const { page, complaints } = visitor;
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) complaints.push(message.text());
    });
    page.on('request', (request) => {
      visitor.asked.push(`${request.method()} ${request.url()}`);
      const { referer } = request.headers();
      if (referer !== undefined) visitor.referrers.push(referer);
    });
    return visitor;
  }

  /** @param address as a mail has it: only its path and its fragment count */
  async open(address: string): Promise<void> {
    const { pathname, search, hash } = new URL(address, this.origin);
    const path = `${this.origin}${pathname}${search}`;
    const [present] = this.page.url().split('#');
    // The same page with another fragment would not be loaded. From any other one it is cheaper to come.
    if (hash !== '' && present === path) await this.page.goto('about:blank');
    await this.page.goto(path + hash);
    await this.page.locator('h1').waitFor();
  }

  /** As somebody else at the same browser, which has kept nothing: one of their own costs more than to open a page. */
  async startOver(): Promise<void> {
    // A page that is left alone: what the one before was about to be answered would set its cookies again.
    await this.page.goto(`${this.origin}/health/live`);
    await this.context.clearCookies();
    await this.page.evaluate('localStorage.clear(); sessionStorage.clear()');
    for (const seen of [this.complaints, this.asked, this.referrers]) seen.length = 0;
  }

  /** The name of what has the focus: of its label, or what it says. */
  private focused(): Promise<string> {
    return this.page.evaluate(`(() => {
      const { activeElement: it } = document;
      const name = it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent;
      return name.trim();
    })()`);
  }

  /** Goes to a control by the tabulator, and sees where it is. */
  async tabTo(name: string | RegExp): Promise<void> {
    const seen: string[] = [];
    const fits = (it: string) => (typeof name === 'string' ? it === name : name.test(it));
    for (let presses = 0; presses < 40; presses++) {
      const focused = await this.focused();
      if (fits(focused)) {
        const outline = 'getComputedStyle(document.activeElement).outlineStyle';
        if ((await this.page.evaluate(outline)) !== 'solid') throw new Error('It is not outlined.');
        return;
      }
      seen.push(focused);
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`The keyboard does not reach "${name}": ${seen.join(' | ')}`);
  }

  /** Types into the field of this label, in place of what is there: at full depth key by key. */
  async fill(label: string | RegExp, text: string): Promise<void> {
    await this.tabTo(label);
    await this.page.keyboard.press('ControlOrMeta+A');
    const { keyboard } = this.page;
    await (isFullDepth() ? keyboard.type(text) : keyboard.insertText(text));
  }

  async press(name: string | RegExp): Promise<void> {
    await this.tabTo(name);
    await this.page.keyboard.press('Enter');
  }

  /** Waits until the page's heading is this one. */
  async sees(title: string): Promise<void> {
    await eventually(
      async () => {
        const shown = await this.page.locator('h1').innerText();
        if (shown !== title) throw new Error(`The heading is "${shown}", not "${title}".`);
      },
      { within: 8 },
    );
  }

  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** What axe finds in the page as it is, and whether it is wider than the screen. */
  async findings(): Promise<string[]> {
    if (await this.page.evaluate(`!('axe' in window)`)) await this.page.evaluate(AXE);
    const violations = await this.page.evaluate<AxeResults['violations']>(FIND);
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
    );
    const isWider = 'document.documentElement.scrollWidth > innerWidth';
    return (await this.page.evaluate(isWider)) ? [...found, 'wider than the screen'] : found;
  }
}
