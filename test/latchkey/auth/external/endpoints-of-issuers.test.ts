/** A provider names the addresses that the server asks: by them it must not reach what is beside the server. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardedFetch } from '../../../../src/latchkey/auth/external/oidc/guarded-fetch.js';
import { DiscoveredServer } from '../../../../src/latchkey/auth/external/oidc/oidc-server.js';
import { RuntimeConfig } from '../../../../src/latchkey/platform/config/runtime.config.js';
import { isPublicAddress } from '../../../../src/latchkey/platform/http/public-addresses.js';
import { OpenIdProvider } from '../../../support/openid-provider.js';

const http = new GuardedFetch(new RuntimeConfig());
const asked: string[] = [];
const beside = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.end('{}');
});
beforeAll(() => new Promise<void>((resolve) => beside.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => beside.close(resolve)));

describe('an issuer at a public address does not have the server ask', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '0x7f.1',
    '0',
    'localhost.',
  ])('%s', async (host) => {
    const { port } = beside.address() as AddressInfo;
    for (const scheme of ['http', 'https']) {
      const answer = http.within('public')(`${scheme}://${host}:${port}/`);
      await expect(answer).rejects.toThrow(/not reached|no public address|not https/);
    }
    expect(asked).toEqual([]);
  });
});

it('nor by its metadata', async () => {
  /** As if the issuer were somewhere else. */
  class FromAfar extends GuardedFetch {
    override async ask(address: string | URL, init: RequestInit) {
      return { ...(await super.ask(address, init, 'anywhere')), isPublic: true };
    }
  }
  const provider = await OpenIdProvider.start();
  const { issuer } = provider;
  const afar = new DiscoveredServer(issuer, issuer, new FromAfar(new RuntimeConfig()));
  await expect(afar.get()).rejects.toThrow('no public address');
  const near = new DiscoveredServer(issuer, issuer, http);
  expect((await near.get()).metadata.issuer).toBe(issuer);
  await provider.stop();
});

it('an issuer beside the server has its endpoints asked, and is known as one', async () => {
  const { port } = beside.address() as AddressInfo;
  const answer = await http.ask(`http://localhost:${port}/jwks`, {}, 'anywhere');
  expect([answer.response.status, answer.isPublic]).toEqual([200, false]);
  expect(asked).toEqual(['/jwks']);
});

it.each([
  ['8.8.8.8', true],
  ['172.15.255.255', true],
  ['2606:4700::1111', true],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['127.0.0.53', false],
  ['169.254.169.254', false],
  ['172.16.0.1', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['198.18.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::ffff:10.0.0.1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::a00:1', false],
  ['fc00::1', false],
  ['fe80::1', false],
  ['fe80::1%lo', false],
  ['ff02::1', false],
  ['2001::1', false],
  ['2001:db8::1', false],
  ['2002:a00:1::', false],
  ['example.com', false],
  ['', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});
