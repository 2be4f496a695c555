/** The scenarios for authorization servers of the Model Context Protocol's own conformance suite. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { type App, registerApp } from '../../../builders/apps.js';
import { registerResource } from '../../../builders/resources.js';
import { startChromium } from '../../../support/chromium.js';
import {
  FOREIGN_INSTALL_MILLISECONDS,
  installForeignPackages,
} from '../../../support/foreign-packages.js';
import { McpConformance } from '../../../support/mcp-conformance.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { startReachableIssuer } from '../../../support/reachable-issuer.js';
import { onThisMachine } from '../../../support/time-limits.js';

const SLOW = onThisMachine(90_000);

let issuer: Awaited<ReturnType<typeof startReachableIssuer>>;
let admin: SignedIn;
let browser: Browser;
/** The MCP server that the suite asks tokens for. */
let notes: string;
beforeAll(async () => {
  await installForeignPackages();
  [issuer, browser] = await Promise.all([
    startReachableIssuer({ CLIENT_METADATA_DOCUMENTS: 'on' }),
    startChromium(),
  ]);
  admin = await signUpAdmin(issuer.app);
  notes = (await registerResource(issuer.app.api, admin, 'notes')).identifier;
}, FOREIGN_INSTALL_MILLISECONDS);
afterAll(async () => {
  await browser?.close();
  await issuer?.stop();
});

/** The suite as a client, at a port of the moment. */
const register = (fields: Record<string, unknown> = {}): Promise<App> =>
  registerApp(issuer.app.api, admin, {
    name: 'Suite',
    type: 'public',
    redirectUris: ['http://127.0.0.1/callback'],
    scopes: ['notes:read', 'notes:write'],
    ...fields,
  });

/** Runs it, with somebody at a browser who goes where it says and signs in there. */
async function runSuite({ id, secret }: App, args: readonly string[]) {
  const credentials = [
    '--client-id',
    id,
    ...(secret === undefined ? [] : ['--client-secret', secret]),
  ];
  const port = String(await findFreePort());
  const suite = await McpConformance.against(issuer.issuer, [...credentials, '-p', port, ...args]);
  const visitor = await PageVisitor.come(browser, issuer.app);
  try {
    await visit(visitor, (await suite.address()) ?? 'about:blank');
    return await suite.results();
  } finally {
    await visitor.context.close();
    await suite.stop();
  }
}

async function visit(visitor: PageVisitor, address: string): Promise<void> {
  const { email } = await signUp(issuer.app);
  await visitor.page.goto(address);
  // What is wrong with the request goes back at once.
  if (new URL(visitor.page.url()).origin !== issuer.issuer) return;
  await visitor.sees('Sign in');
  await visitor.fill('E-mail address', email);
  await visitor.fill('Password', PASSWORD);
  await visitor.press('Sign in');
  await visitor.sees('Suite wants to sign you in');
  await visitor.press('Allow');
  await visitor.reads('You can close this page');
}

it('there are two scenarios for authorization servers', async () => {
  expect(await McpConformance.scenarios()).toEqual([
    'authorization-server-metadata-endpoint',
    'authorization-code-grant',
  ]);
});

it(
  'a public client that names the MCP server passes every check',
  async () => {
    expect(await runSuite(await register(), ['--resource', notes])).toEqual({
      exitCode: 0,
      checks: {
        'authorization-server-metadata': 'SUCCESS',
        'authorization-server-metadata-cimd': 'SUCCESS',
        'authorization-code-grant': 'SUCCESS',
      },
    });
  },
  SLOW,
);

/** Each with its reason in docs/conformance.md. */
it.each<[string, Record<string, unknown>, () => string[], string]>([
  [
    'does not name the MCP server',
    {},
    () => [],
    'Authorization error: invalid_scope scope is missing: say at least one.',
  ],
  [
    'has a secret',
    { type: 'confidential' },
    () => ['--resource', notes],
    'Invalid status code: 401',
  ],
])(
  'a client that %s does not pass',
  async (_, fields, args, why) => {
    const { exitCode, checks } = await runSuite(await register(fields), args());
    expect([exitCode, checks['authorization-code-grant']]).toEqual([1, `FAILURE: ${why}`]);
  },
  SLOW,
);

it(
  'without CLIENT_METADATA_DOCUMENTS, of which the suite warns, the metadata are right as well',
  async () => {
    const plain = await startReachableIssuer();
    const suite = await McpConformance.against(plain.issuer, []);
    try {
      const { exitCode, checks } = await suite.results();
      expect(exitCode).toBe(0);
      expect(checks).toMatchObject({
        'authorization-server-metadata': 'SUCCESS',
        'authorization-server-metadata-cimd': expect.stringMatching(/^WARNING: /),
      });
    } finally {
      await suite.stop();
      await plain.stop();
    }
  },
  SLOW,
);
