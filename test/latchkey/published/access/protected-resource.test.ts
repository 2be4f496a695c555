import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AccessModule,
  type AccessOptions,
  createAccessTokenVerifier,
  type ProtectedRequest,
  RequirePermissions,
  RequireScopes,
} from '../../../../src/latchkey/published/access/index.js';
import { ApiClient } from '../../../support/api-client.js';
import { TestIssuer } from './test-issuer.js';

const RESOURCE = 'https://notes.example.com/mcp';
const METADATA = 'https://notes.example.com/.well-known/oauth-protected-resource/mcp';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await TestIssuer.start();
});
afterAll(() => issuer.close());

const options = (): AccessOptions => ({
  ...issuer.options,
  audience: RESOURCE,
  protectedResource: { scopes: ['notes:read', 'notes:write'], name: 'Notes' },
});
const token = (claims: Record<string, unknown> = {}) => issuer.token({ aud: RESOURCE, ...claims });

interface Service {
  readonly origin: string;
  close(): Promise<unknown>;
}

@Controller('notes')
class NotesController {
  @Get()
  @RequireScopes('notes:read')
  notes() {
    return { notes: [] };
  }

  @Get('ledger')
  @RequirePermissions('ledger:read')
  ledger() {
    return {};
  }
}

async function startNest(adapter: FastifyAdapter | ExpressAdapter, given = options()) {
  @Module({ imports: [AccessModule.forRoot(given)], controllers: [NotesController] })
  class NotesModule {}
  const app = await NestFactory.create(NotesModule, adapter as FastifyAdapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  return { origin: await app.getUrl(), close: () => app.close() };
}

/** A server of Node's http, without a framework. */
async function startPlain(given = options()): Promise<Service> {
  const access = createAccessTokenVerifier(given);
  const protect = access.protect({ scopes: ['notes:read'] });
  const server: Server = createServer((request, response) =>
    protect(request, response, (error) => {
      if (error !== undefined) throw error;
      const { auth, principal } = request as ProtectedRequest;
      const { extra: _, token: shown, ...told } = auth ?? { extra: null, token: '' };
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ ...told, shown, sub: principal?.userId }));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close();
      await access.close();
    },
  };
}

describe.each<[string, (given?: AccessOptions) => Promise<Service>]>([
  ['Nest on Fastify', (given) => startNest(new FastifyAdapter(), given)],
  ['Nest on Express', (given) => startNest(new ExpressAdapter(), given)],
  ['plain Node', startPlain],
])('a resource on %s', (_, start) => {
  let service: Service;
  let api: ApiClient;
  beforeAll(async () => {
    service = await start();
    api = new ApiClient(service.origin);
  });
  afterAll(() => service.close());

  it.each(['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'])(
    'says at %s which it is, who issues tokens for it and for which scopes (RFC 9728)',
    async (path) => {
      const { status, body, headers } = await api.get(path);
      expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*']);
      expect(body).toEqual({
        resource: RESOURCE,
        authorization_servers: [issuer.origin],
        bearer_methods_supported: ['header'],
        scopes_supported: ['notes:read', 'notes:write'],
        resource_name: 'Notes',
      });
    },
  );

  it('says it nowhere else', async () => {
    const { status } = await api.get('/.well-known/oauth-protected-resource/other');
    expect([401, 404]).toContain(status);
  });

  it.each([
    ['no token', undefined, 'Bearer '],
    ['a bad token', 'a.b.c', 'Bearer error="invalid_token", '],
    ['a token of another resource', 'foreign', 'Bearer error="invalid_token", '],
  ])('leads whoever comes with %s to it', async (_name, shown, begins) => {
    const sent = shown === 'foreign' ? issuer.token() : shown;
    const { status, headers } = await api.get('/notes', sent === undefined ? {} : { token: sent });
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      `${begins}resource_metadata="${METADATA}", scope="notes:read notes:write"`,
    ]);
  });

  it('names the scopes that a client lacks, and lets in whoever has them', async () => {
    for (const scope of [undefined, 'openid', 'notes:write', 'notes:readable']) {
      const { status, headers } = await api.get('/notes', { token: token({ scope }) });
      expect([status, headers.get('www-authenticate')]).toEqual([
        403,
        `Bearer error="insufficient_scope", scope="notes:read", resource_metadata="${METADATA}"`,
      ]);
    }
    const good = token({ scope: 'openid notes:read' });
    expect((await api.get('/notes', { token: good })).status).toBe(200);
  });

  it('says nothing of itself where it is not told to', async () => {
    const { protectedResource: _option, ...rest } = options();
    const silent = await start(rest);
    const quiet = new ApiClient(silent.origin);
    expect([401, 404]).toContain((await quiet.get('/.well-known/oauth-protected-resource')).status);
    expect((await quiet.get('/notes')).headers.get('www-authenticate')).toBe('Bearer');
    await silent.close();
  });
});

it('a permission that is missing is no scope that a client could ask for', async () => {
  const service = await startNest(new FastifyAdapter());
  const answer = await new ApiClient(service.origin).get('/notes/ledger', {
    token: token({ scope: 'notes:read' }),
  });
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
    403,
    `Bearer error="insufficient_scope", resource_metadata="${METADATA}"`,
  ]);
  await service.close();
});

it('a handler of plain Node is told who calls, as servers of MCP read it', async () => {
  const service = await startPlain();
  const shown = token({ sub: 'ada', client_id: 'an agent', scope: 'notes:read openid' });
  const { body } = await new ApiClient(service.origin).get('/', { token: shown });
  expect(body).toEqual({
    clientId: 'an agent',
    scopes: ['notes:read', 'openid'],
    expiresAt: expect.any(Number),
    shown,
    sub: 'ada',
  });
  await service.close();
});

it.each([
  ['no address', { audience: 'latchkey' }],
  ['an address with a query', { audience: 'https://notes.example.com/?a' }],
  ['an address with a fragment', { audience: 'https://notes.example.com/#a' }],
  ['a scope with a quote', { protectedResource: { scopes: ['a"b'] } }],
  ['a scope that is no text', { protectedResource: { scopes: [7] } }],
  ['an option that there is not', { protectedResource: { scope: 'notes' } }],
])('does not start with %s', (_, changed) => {
  const given = { ...options(), ...changed } as AccessOptions;
  expect(() => createAccessTokenVerifier(given)).toThrow(/protectedResource/);
});
