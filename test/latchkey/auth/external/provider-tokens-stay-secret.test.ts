import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { uniqueEmail } from '../../../builders/accounts.js';
import { ExternalVisitor, settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { OpenIdProvider, send } from '../../../support/openid-provider.js';
import { ServedProcess } from '../../../support/served-process.js';
import { findSecrets } from '../../../support/store-copies.js';
import { createStores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { WithCalendar } from './calendar-feature.js';

async function beginAt(provider: OpenIdProvider) {
  provider.person = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true };
  const env = { ...settingsOf(provider), EXTERNAL_ACME_KEEP_TOKENS: 'on' };
  return { env, stores: await createStores() };
}

/** A visitor that keeps everything that the server answers. */
class Reader extends ExternalVisitor {
  read = '';

  override async get(path: string, headers: Record<string, string> = {}) {
    const answer = await super.get(path, headers);
    this.read += answer.text + [...answer.headers].join();
    return answer;
  }
}

const asSecrets = (given: readonly string[]) =>
  Object.fromEntries(given.map((token, index) => [`token ${index}`, token]));

it('a sign-in writes no token of the provider into the log, whatever its level, nor into an answer', async () => {
  const provider = await OpenIdProvider.start();
  const { env, stores } = await beginAt(provider);
  const service = await ServedProcess.start(stores, { ...env, LOG_LEVEL: 'trace' });
  const visitor = new Reader(service);
  expect((await visitor.signIn()).fragment).toEqual({});
  expect((await visitor.signIn()).fragment).toEqual({});
  const path = '/auth/account/export';
  const token = (await visitor.accessToken()) ?? '';
  const { text } = await service.api.get(path, { token });
  const { text: identities } = await service.api.get('/auth/identities', { token });
  expect(provider.given.length).toBe(4);
  const { output, errors } = await service.stop('SIGTERM');
  expect(output).toContain(path);
  const everything = [output, errors, visitor.read, text, identities].join();
  expect(findSecrets(everything, asSecrets(provider.given))).toEqual([]);
  await service.kill();
  await stores.drop();
  await provider.stop();
});

it('a refresh that goes wrong in any way writes none into the log', async () => {
  const provider = await OpenIdProvider.start();
  const { env, stores } = await beginAt(provider);
  const app = await TestApp.start({ stores, env, module: WithCalendar });
  const logged: string[] = [];
  const write = (...message: unknown[]) => void logged.push(inspect(message, { depth: null }));
  app.nest.useLogger({ log: write, error: write, warn: write, debug: write, verbose: write });
  const visitor = new ExternalVisitor(app);
  provider.tokenSeconds = 1;
  await visitor.signIn();
  const token = await visitor.accessToken();
  const api = encodeURIComponent(`${provider.origin}/userinfo`);
  const canary = 'canary-of-the-provider-0123456789';
  const { faults } = provider;
  const tokens = { access_token: canary, refresh_token: canary, token_type: 'bearer' };
  for (const [status, body] of [
    [500, tokens],
    [400, { error: 'invalid_client', error_description: 'no', refresh_token: canary }],
    [200, { ...tokens, access_token: `${canary}\n` }],
    [200, { ...tokens, id_token: canary }],
    [200, { ...tokens, token_type: 7 }],
    [400, { error: 'invalid_grant', ...tokens }],
  ] as const) {
    faults.handlers = { '/token': (_, response) => send(response, status, body) };
    const answer = await app.api.get(`/calendar?api=${api}`, { token: token ?? '' });
    expect(Math.floor(answer.status / 100)).toBe(4);
    expect(findSecrets(answer.text, asSecrets([canary, ...provider.given]))).toEqual([]);
  }
  expect(logged.length).toBeGreaterThanOrEqual(6);
  expect(findSecrets(logged.join(), asSecrets([canary, ...provider.given]))).toEqual([]);
  await app.stop();
  await stores.drop();
  await provider.stop();
});
