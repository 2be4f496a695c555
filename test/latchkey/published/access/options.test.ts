import { Controller, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { expect, it } from 'vitest';
import {
  AccessModule,
  type AccessOptions,
  createAccessTokenVerifier,
  StartupError,
} from '../../../../src/latchkey/published/access/index.js';
import { RemoteKeys } from '../../../../src/latchkey/published/access/keys/remote-keys.js';
import { ManualClock } from '../../tokens/revocation/manual-clock.js';
import { TestIssuer } from './test-issuer.js';

Logger.overrideLogger(false);

const GOOD: AccessOptions = {
  issuer: 'http://latchkey.test',
  audience: 'latchkey',
  jwksUri: 'http://127.0.0.1:1/jwks',
};

it.each<[string, object]>([
  ['issuer', { issuer: undefined }],
  ['issuer', { issuer: 'latchkey' }],
  ['audience', { audience: '' }],
  ['jwksUri', { jwksUri: 'file:///etc/passwd' }],
  ['jwksUri', { jwksUri: 'http://user:secret@latchkey.test/jwks' }],
  ['redisUrl', { redisUrl: 'http://secret.test' }],
  ['redisUrl', { redisUrl: '' }],
  ['jwksTimeoutMilliseconds', { jwksTimeoutMilliseconds: 0 }],
  ['jwksMaxStalenessSeconds', { jwksMaxStalenessSeconds: 1.5 }],
  ['revocationMaxStalenessSeconds', { revocationMaxStalenessSeconds: 0 }],
  ['revocationOnOutage', { revocationOnOutage: 'maybe' }],
  ['jwksUrl', { jwksUrl: 'http://latchkey.test' }],
])('a wrong %s is named at the start, and its value is not', async (name, change) => {
  const options = { ...GOOD, ...change } as AccessOptions;
  expect(() => createAccessTokenVerifier(options)).toThrow(StartupError);
  expect(() => createAccessTokenVerifier(options)).toThrow(name);
  expect(() => createAccessTokenVerifier(options)).not.toThrow('secret');
  await expect(startNest(options)).rejects.toThrow(name);
});

it('all that is wrong is named together', () => {
  const options = { issuer: 'x', audience: '', jwksUri: 'y' };
  expect(() => createAccessTokenVerifier(options)).toThrow(/issuer .*audience .*jwksUri /s);
});

it('keys that could not be fetched again for too long are used no more', async () => {
  const issuer = await TestIssuer.start();
  const clock = new ManualClock();
  const { jwksUri } = issuer.options;
  const settings = { jwksUri, jwksTimeoutMilliseconds: 300, jwksMaxStalenessSeconds: 60 };
  const keys = new RemoteKeys(settings, clock);
  await keys.refresh();
  const { kid } = issuer.signingKey;
  const key = keys.find(kid);
  await keys.refresh();
  // The tokens that it verified are remembered by the object.
  expect(keys.find(kid)).toBe(key);
  await issuer.close();
  clock.advance(61);
  expect(keys.find(kid)).toBe(key);
  await keys.refresh();
  expect(keys.find(kid)).toBeUndefined();
  await expect(keys.lookUp(kid)).rejects.toMatchObject({ code: 'access.keys_unavailable' });
  keys.close();
});

async function startNest(options: AccessOptions): Promise<void> {
  @Controller()
  class EmptyController {}
  @Module({ imports: [AccessModule.forRoot(options)], controllers: [EmptyController] })
  class EmptyModule {}
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create(EmptyModule, adapter, {
    abortOnError: false,
    logger: false,
  });
  await app.init();
}
