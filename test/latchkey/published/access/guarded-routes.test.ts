import {
  type ArgumentsHost,
  BadRequestException,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Injectable,
  Module,
  Query,
} from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AccessModule,
  CurrentUser,
  LatchkeyError,
  type Principal,
  Public,
  RequireAssurance,
  RequirePermissions,
  Roles,
  VerifyAccessToken,
} from '../../../../src/latchkey/published/access/index.js';
import { ApiClient } from '../../../support/api-client.js';
import { sendRaw } from '../../../support/raw-http.js';
import { TestIssuer } from './test-issuer.js';

@Controller('orders')
class OrdersController {
  constructor(private readonly verifyAccessToken: VerifyAccessToken) {}

  @Get('hours')
  @Public()
  hours() {
    return { open: true };
  }

  @Get('mine')
  mine(@CurrentUser() user: Principal) {
    return { userId: user.userId };
  }

  @Get()
  @RequirePermissions('orders:read')
  all() {
    return { orders: [] };
  }

  @Get('ledger')
  @Roles('auditor', 'admin')
  ledger() {
    return {};
  }

  @Get('payouts')
  @RequireAssurance({ acr: 'aal2', maxAgeSeconds: 300 })
  payouts() {
    return {};
  }

  @Get('broken')
  @Public()
  broken() {
    throw new BadRequestException('of my own');
  }

  /** As a handshake would: the token comes by another way than a guarded route. */
  @Get('handshake')
  @Public()
  async handshake(@Query('token') token: string) {
    const demands = { roles: ['auditor', 'user'], permissions: ['orders:read'] };
    return { userId: (await this.verifyAccessToken.verify(token, demands)).userId };
  }
}

/** The application's own filter, which leaves Latchkey's refusals alone. */
@Catch(BadRequestException)
class OwnFilter implements ExceptionFilter {
  catch(error: BadRequestException, host: ArgumentsHost) {
    host.switchToHttp().getResponse().status(418).send({ own: error.message });
  }
}

/** An application that wants refusals in its own form. */
@Catch(LatchkeyError)
class OwnRefusals implements ExceptionFilter {
  catch(error: LatchkeyError, host: ArgumentsHost) {
    host.switchToHttp().getResponse().status(error.definition.status).send({ mine: error.code });
  }
}

@Injectable()
class Settings {
  constructor(readonly options = issuerOptions()) {}
}

@Module({
  providers: [{ provide: Settings, useFactory: () => new Settings() }],
  exports: [Settings],
})
class SettingsModule {}

let issuer: TestIssuer;
const issuerOptions = () => issuer.options;

async function start(adapter: FastifyAdapter | ExpressAdapter, refusals?: ExceptionFilter) {
  @Module({
    imports: [
      AccessModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async ({ options }: Settings) => options,
      }),
    ],
    controllers: [OrdersController],
    providers: [{ provide: APP_FILTER, useClass: OwnFilter }],
  })
  class OrdersModule {}
  const app = await NestFactory.create(OrdersModule, adapter as FastifyAdapter, { logger: false });
  if (refusals !== undefined) app.useGlobalFilters(refusals);
  await app.listen(0, '127.0.0.1');
  return { app, api: new ApiClient(await app.getUrl()) };
}

beforeAll(async () => {
  issuer = await TestIssuer.start();
});
afterAll(() => issuer.close());

describe.each([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
])('a service on %s that imports latchkey/access', (_, adapter) => {
  let service: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    service = await start(adapter());
  });
  afterAll(() => service.app.close());

  const get = (path: string, token?: string) =>
    service.api.get(path, token === undefined ? {} : { token });

  it('lets anybody call what is public', async () => {
    expect((await get('/orders/hours')).body).toEqual({ open: true });
    expect((await get('/orders/hours', 'nonsense')).status).toBe(200);
  });

  it('guards a route that says nothing, and tells it who calls', async () => {
    const { status, body } = await get('/orders/mine', issuer.token({ sub: 'ada' }));
    expect([status, body]).toEqual([200, { userId: 'ada' }]);
  });

  it('refuses two tokens, also where it knows the first', async () => {
    const tokens = ['ada', 'bob'].map((sub) => issuer.token({ sub }));
    expect((await get('/orders/mine', tokens[0])).status).toBe(200);
    const { status, body } = await sendRaw(service.api.origin, 'GET /orders/mine', {
      Authorization: tokens.map((token) => `Bearer ${token}`),
    });
    expect([status, body.code]).toEqual([400, 'request.malformed']);
  });

  it.each([
    ['a permission', '/orders', { permissions: ['orders:read'] }, 200],
    ['a permission by wildcard', '/orders', { permissions: ['orders:*'] }, 200],
    ['another permission', '/orders', { permissions: ['orders:write'] }, 403],
    ['one of the roles', '/orders/ledger', { roles: ['auditor'] }, 200],
    ['another role', '/orders/ledger', { roles: ['user'] }, 403],
  ])('demands what the decorators say of a caller with %s', async (_name, path, claims, status) => {
    expect((await get(path, issuer.token(claims))).status).toBe(status);
  });

  it.each([
    ['no token', '/orders/mine', undefined, 401, 'access.unauthenticated', 'Bearer'],
    ['a bad one', '/orders/mine', 'a.b.c', 401, 'access.token_invalid', 'invalid_token'],
    ['an expired one', '/orders/mine', { exp: 1 }, 401, 'access.token_expired', 'invalid_token'],
    ['too little', '/orders', { permissions: [] }, 403, 'access.forbidden', 'insufficient_scope'],
  ])(
    'refuses a call with %s as Latchkey does',
    async (_name, path, token, status, code, challenge) => {
      const sent = typeof token === 'object' ? issuer.token(token) : token;
      const { body, headers, ...answer } = await get(path, sent);
      expect([answer.status, body.status, body.code]).toEqual([status, status, code]);
      expect(body).toMatchObject({ type: `/errors#${code}`, requestId: expect.any(String) });
      expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('www-authenticate')).toContain(challenge);
    },
  );

  const now = Math.floor(Date.now() / 1000);
  it.each([
    ['two factors of just now', { acr: 'aal2' }, 200],
    ['a passkey of just now', { acr: 'phr' }, 200],
    ['two factors of six minutes ago', { acr: 'aal2', auth_time: now - 360 }, 401],
    ['a password alone', { acr: 'aal1' }, 401],
    ['a level that is unknown here', { acr: 'aal9' }, 401],
    ['a token of before there were levels', {}, 401],
  ])('judges from the claims alone whether %s will do', async (_name, claims, status) => {
    const answer = await get('/orders/payouts', issuer.token(claims));
    expect(answer.status).toBe(status);
    if (status === 200) return;
    expect(answer.body.code).toBe('access.assurance_insufficient');
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", acr_values="aal2", max_age="300"',
    );
  });

  it.each([
    ['a permission', '/orders', { aal2: ['clerk', 'orders:read'] }, 401, 'aal2'],
    ['a permission by wildcard', '/orders', { phr: ['clerk', 'orders:*'] }, 401, 'phr'],
    ['a role by its name', '/orders/ledger', { aal2: ['auditor'], phr: ['admin'] }, 401, 'aal2'],
    ['what the route does not demand', '/orders', { aal2: ['clerk', 'orders:write'] }, 403, null],
    ['a level that is unknown here', '/orders', { aal9: ['clerk', 'orders:read'] }, 403, null],
  ])(
    'asks for a step-up where a withheld role would give %s',
    async (_name, path, step_up, status, acr) => {
      const withheld = { permissions: [], acr: 'aal1', withheld: ['clerk'], step_up };
      const answer = await get(path, issuer.token(withheld));
      const challenge =
        acr === null
          ? 'Bearer error="insufficient_scope"'
          : `Bearer error="insufficient_user_authentication", acr_values="${acr}"`;
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([status, challenge]);
      expect(answer.body.acr).toBe(acr ?? undefined);
    },
  );

  it('leaves every other error to the application and its filters', async () => {
    const { status, body } = await get('/orders/broken');
    expect([status, body]).toEqual([418, { own: 'of my own' }]);
    expect((await get('/nowhere')).body).toMatchObject({ message: 'Cannot GET /nowhere' });
  });

  it('verifies a token that comes by another way, by the same rules', async () => {
    const { body } = await get(`/orders/handshake?token=${issuer.token({ sub: 'ada' })}`);
    expect(body).toEqual({ userId: 'ada' });
    const refused = await get(`/orders/handshake?token=${issuer.token({ permissions: [] })}`);
    expect([refused.status, refused.body.code]).toEqual([403, 'access.forbidden']);
    for (const query of ['', '?token=', '?token=a&token=b']) {
      const { body } = await get(`/orders/handshake${query}`);
      expect(body.code).toBe('access.unauthenticated');
    }
  });

  it('lets the application put refusals in a form of its own', async () => {
    const { app, api } = await start(adapter(), new OwnRefusals());
    expect((await api.get('/orders/mine')).body).toEqual({ mine: 'access.unauthenticated' });
    await app.close();
  });

  it('starts without its issuer, and answers 503 with Retry-After until it is there', async () => {
    await issuer.close();
    const { app, api } = await start(adapter());
    const token = issuer.token();
    expect((await api.get('/orders/hours')).status).toBe(200);
    const { status, body, headers } = await api.get('/orders/mine', { token });
    expect([status, body.code]).toEqual([503, 'access.keys_unavailable']);
    expect(headers.get('retry-after')).toBe('1');
    await issuer.open();
    for (let status = 503; status === 503; )
      ({ status } = await api.get('/orders/mine', { token }));
    expect((await api.get('/orders/mine', { token })).status).toBe(200);
    await app.close();
  });
});
