import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { registerApp } from '../../../builders/apps.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { ForeignExample } from '../../../support/foreign-example.js';
import { FOREIGN_INSTALL_MILLISECONDS } from '../../../support/foreign-packages.js';
import { ForeignProgram } from '../../../support/foreign-program.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { startReachableIssuer } from '../../../support/reachable-issuer.js';
import { onThisMachine } from '../../../support/time-limits.js';

const SLOW = onThisMachine(90_000);

let issuer: Awaited<ReturnType<typeof startReachableIssuer>>;
let admin: SignedIn;
let browser: Browser;
let example: ForeignExample;
/** The address of the example's MCP server. */
let resource: string;
beforeAll(async () => {
  [issuer, browser, example] = await Promise.all([
    startReachableIssuer(),
    startChromium(),
    ForeignExample.install('mcp-server'),
  ]);
  admin = await signUpAdmin(issuer.app);
  const port = await findFreePort();
  resource = `http://localhost:${port}/mcp`;
  const { databaseUrl: _, redisUrl } = issuer.app.stores;
  await example.start({ ISSUER: issuer.issuer, PORT: String(port), REDIS_URL: redisUrl });
  const scopes = [{ name: 'notes:read', description: 'Read your notes' }];
  const body = { identifier: resource, name: 'Notes', scopes };
  const { accessToken: token } = admin;
  const answer = await issuer.app.api.post('/admin/resources', body, { token });
  expect(answer.status).toBe(201);
}, FOREIGN_INSTALL_MILLISECONDS);
afterAll(async () => {
  await example?.stop();
  await browser?.close();
  await issuer?.stop();
});

const SCOPES = ['openid', 'offline_access', 'notes:read'];

/** An agent that somebody has registered, with no port of its own. */
const register = (fields: Record<string, unknown> = {}) =>
  registerApp(issuer.app.api, admin, {
    name: 'Agent',
    type: 'public',
    redirectUris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
    scopes: SCOPES,
    ...fields,
  });

/** What a program has said so far, in lines of JSON. */
function saidBy({ output }: ForeignProgram): Record<string, string>[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

const told = (program: ForeignProgram, name: string) =>
  eventually(
    () => {
      const line = saidBy(program).find((one) => name in one);
      if (line === undefined) throw new Error(`It has not said ${name}: ${program.output}`);
      return line[name] ?? '';
    },
    { within: 15 },
  );

const call = async ({ origin }: ForeignProgram): Promise<Record<string, string>> =>
  JSON.parse(await (await fetch(`${origin}/call`)).text());

describe('@modelcontextprotocol/client, and the example MCP server', () => {
  it(
    'finds its way from a 401, its user consents in Chromium, it calls, refreshes, and has lost it all at once',
    async () => {
      const { email, userId } = await signUp(issuer.app);
      const agent = await register();
      const program = await ForeignProgram.serve('mcp-client', {
        SERVER_URL: resource,
        CLIENT_ID: agent.id,
      });
      const visitor = await PageVisitor.come(browser, issuer.app);
      const goTo = await told(program, 'goTo');
      expect(new URL(goTo).searchParams.get('resource')).toBe(resource);
      await visitor.page.goto(goTo);
      await visitor.sees('Sign in');
      await visitor.fill('E-mail address', email);
      await visitor.fill('Password', PASSWORD);
      await visitor.press('Sign in');
      await visitor.sees('Agent wants to sign you in');
      await visitor.reads(/program on this device/);
      await visitor.press('Allow');
      await visitor.sees('Back at the agent');
      expect(await told(program, 'answer')).toBe(`${userId} has no notes yet.`);

      await fetch(`${program.origin}/spoil`);
      const answers = await Promise.all(Array.from({ length: 20 }, () => call(program)));
      expect(answers).toEqual(Array(20).fill({ answer: `${userId} has no notes yet.` }));
      await fetch(`${program.origin}/spoil`);
      expect(await call(program)).toEqual({ answer: `${userId} has no notes yet.` });

      await visitor.open('/pages/account');
      await visitor.press('Remove access: Agent');
      await visitor.reads('The app has no access any more.');
      const refused = await call(program);
      expect(refused.refused).toBeDefined();
      await visitor.context.close();
      await program.stop();
    },
    SLOW,
  );
});
