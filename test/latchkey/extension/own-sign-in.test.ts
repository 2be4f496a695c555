import {
  Body,
  Controller,
  HttpCode,
  Injectable,
  Module,
  Param,
  Post,
  Res,
  type Type,
} from '@nestjs/common';
import { IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Actor,
  AssignRoles,
  AuthModule,
  type AuthorizationFacts,
  authErrors,
  ClaimsContributor,
  CompleteSignIn,
  CurrentActor,
  CurrentUser,
  DELIVERIES,
  type Delivery,
  defineErrors,
  defineFactor,
  defineSessionData,
  defineSessionEndReasons,
  IsText,
  LatchkeyModule,
  Limits,
  type Principal,
  Public,
  RequirePermissions,
  Revocations,
  SessionEnder,
  type SessionFacts,
  SetPassword,
  SetSessionData,
  type StreakLimit,
  SYSTEM,
  TokenResponse,
  Users,
  UuidParam,
} from '../../../src/latchkey/index.js';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, TestApp } from '../../support/test-app.js';

const DOOR_CODE = '4711';
const TEST_CODE = defineFactor({ name: 'test_code', amr: ['otp'], role: 'first' });
const doorErrors = defineErrors({
  wrongCode: { code: 'door.wrong_code', status: 403, title: 'Wrong.', remedy: 'Try another.' },
});
const tenancy = defineSessionData<{ tenant: string }>('tenancy');
const doorEndings = defineSessionEndReasons({ closed: 'door_closed' });

class DoorCodeBody {
  @IsText({ min: 1, max: 254 })
  email!: string;

  @IsText({ min: 1, max: 10 })
  code!: string;

  @IsText({ min: 1, max: 10 })
  delivery!: Delivery;

  @IsOptional()
  @IsText({ min: 0, max: 2_000 })
  tenant?: string;
}

class TenantBody {
  @IsText({ min: 0, max: 2_000 })
  tenant!: string;
}

@Injectable()
class TenantClaims extends ClaimsContributor {
  readonly claims = ['tenant'];

  contribute(_: AuthorizationFacts, session: SessionFacts) {
    const tenant = tenancy.of(session)?.tenant;
    return tenant === undefined ? {} : { tenant };
  }
}

/** Only what `examples/door-codes` leaves out: a method that keeps to limits of its own. */
@Controller('door')
class DoorController {
  private readonly codes: StreakLimit;

  constructor(
    private readonly users: Users,
    private readonly signIn: CompleteSignIn,
    private readonly revocations: Revocations,
    private readonly ender: SessionEnder,
    private readonly sessionData: SetSessionData,
    limits: Limits,
  ) {
    // The name of one of Latchkey's own.
    this.codes = limits.streak({
      name: 'sign-in-account',
      failuresInARow: 3,
      failure: doorErrors.wrongCode,
    });
  }

  @Post()
  @HttpCode(200)
  @Public()
  async enter(
    @Body() { email, code, delivery, tenant }: DoorCodeBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const account = await this.users.findForSignIn(email);
    if (account === null) throw authErrors.invalidCredentials();
    await this.codes.attempt(reply, email, async () => {
      if (code === 'unplugged') throw authErrors.passwordSignInOff();
      if (code !== DOOR_CODE) throw doorErrors.wrongCode();
    });
    const data = tenant === undefined ? [] : [tenancy.with({ tenant })];
    return this.signIn.complete(reply, { account, factors: [TEST_CODE.shown()], delivery, data });
  }

  @Post('tenant')
  @HttpCode(204)
  async change(@CurrentUser() user: Principal, @Body() { tenant }: TenantBody) {
    await this.sessionData.set(user, tenant === '' ? tenancy.none : tenancy.with({ tenant }));
  }

  @Post('close/:userId')
  @HttpCode(204)
  @RequirePermissions('door:close')
  async close(@Param('userId', UuidParam) userId: string, @CurrentActor() actor: Actor) {
    await this.revocations.commit(async (transaction) => {
      await this.ender.endAllOfUser(transaction, userId, { reason: doorEndings.closed, actor });
    });
  }

  @Post('lock/:sessionId')
  @HttpCode(204)
  @RequirePermissions('door:close')
  async lock(@Param('sessionId', UuidParam) sessionId: string, @CurrentActor() actor: Actor) {
    await this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, sessionId, { reason: doorEndings.closed, actor }),
    );
  }
}

@Module({
  imports: [LatchkeyModule, AuthModule],
  controllers: [DoorController],
  providers: [TenantClaims],
})
class DoorModule {}

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  // On a machine that has much to do the process would count by itself, and let one more in.
  const env = { THROTTLING: 'on', REDIS_COMMAND_TIMEOUT_MS: '5000' };
  app = await startTestApp(env, { module: DoorModule });
  admin = await signUpAdmin(app);
});
afterAll(async () => app[Symbol.asyncDispose]());

const enter = ({ email }: SignedIn, delivery = 'body', code = DOOR_CODE) =>
  app.api.post('/door', { email, code, delivery });
const asAdmin = (path: string) => app.api.post(path, undefined, { token: admin.accessToken });

describe('a team’s own way to sign in', () => {
  it('starts a session like any other: guarded routes, refresh and logout know it', async () => {
    const user = await signUp(app);
    const { status, body } = await enter(user);
    expect(status).toBe(200);
    expect(decodeJwt(body.accessToken)).toMatchObject({ sub: user.userId, amr: ['otp'] });
    expect((await app.api.get('/auth/me', { token: body.accessToken })).status).toBe(200);
    const { refreshToken } = body;
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    expect(refreshed.body.sessionId).toBe(body.sessionId);
    expect((await app.api.post('/auth/logout', { refreshToken })).status).toBe(204);
    const after = await app.api.get('/auth/me', { token: body.accessToken });
    expect(after.body.code).toBe('access.token_revoked');
  });

  it('can hand the refresh token to a browser, in the cookie alone', async () => {
    const { headers, body } = await enter(await signUp(app), 'cookie');
    expect(headers.getSetCookie()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^__Host-latchkey=lkr_/)]),
    );
    expect(body).not.toHaveProperty('refreshToken');
  });

  it('cannot be used by a foreign site to plant its own session: not by the cookie', async () => {
    const { email } = await signUp(app);
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    const body = { email, code: DOOR_CODE, delivery: DELIVERIES[0] };
    const answer = await app.api.post('/door', body, { headers });
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('makes the device one that the account knows', async () => {
    const { headers } = await enter(await signUp(app));
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-latchkey-device=/)]);
  });
});

describe('what a session carries of a team’s own', () => {
  const enterTenant = async (user: SignedIn, tenant?: string) =>
    (await app.api.post('/door', { email: user.email, code: DOOR_CODE, delivery: 'body', tenant }))
      .body;
  const change = (token: string, tenant: string) =>
    app.api.post('/door/tenant', { tenant }, { token });
  const refresh = async (refreshToken: string) =>
    (await app.api.post('/auth/refresh', { refreshToken })).body;
  const tenantOf = ({ accessToken }: { accessToken: string }) => decodeJwt(accessToken).tenant;
  const me = (token: string, api = app.api) => api.get('/auth/me', { token });

  it('is set at sign-in, and is there for contributors at every refresh', async () => {
    const session = await enterTenant(await signUp(app), 'acme');
    expect(tenantOf(session)).toBe('acme');
    const statements = await recordStatements(async () => {
      expect(tenantOf(await refresh(session.refreshToken))).toBe('acme');
    });
    expect(statements).toHaveLength(2);
  });

  it('changes for one session: its older tokens are stale on every instance, and no others', async () => {
    const { stores } = app;
    const other = await TestApp.start({ stores, env: { THROTTLING: 'on' }, module: DoorModule });
    try {
      const user = await signUp(app);
      const session = await enterTenant(user, 'acme');
      expect((await me(session.accessToken, other.api)).status).toBe(200);
      expect((await change(session.accessToken, 'globex')).status).toBe(204);
      const stale = refused(401, 'access.token_stale');
      expect(refusalOf(await me(session.accessToken))).toEqual(stale);
      await eventually(
        async () => expect(refusalOf(await me(session.accessToken, other.api))).toEqual(stale),
        { within: 2 },
      );
      expect((await me(user.accessToken, other.api)).status).toBe(200);
      const refreshed = await refresh(session.refreshToken);
      expect(tenantOf(refreshed)).toBe('globex');
      for (const api of [app.api, other.api]) {
        expect((await me(refreshed.accessToken, api)).status).toBe(200);
      }
    } finally {
      await other.stop();
    }
  });

  it('that is set to what it is leaves the tokens good, and can be taken away', async () => {
    const session = await enterTenant(await signUp(app), 'acme');
    await change(session.accessToken, 'acme');
    expect((await me(session.accessToken)).status).toBe(200);
    await change(session.accessToken, '');
    expect(tenantOf(await refresh(session.refreshToken))).toBeUndefined();
  });

  it('is bounded, and must be storable: neither at sign-in nor later', async () => {
    const user = await signUp(app);
    const session = await enterTenant(user);
    const unfit = refused(400, 'sessions.data_unfit');
    expect(refusalOf(await change(session.accessToken, 'x'.repeat(1_100)))).toEqual(unfit);
    const body = { email: user.email, code: DOOR_CODE, delivery: 'body', tenant: 'é'.repeat(600) };
    expect(refusalOf(await app.api.post('/door', body))).toEqual(unfit);
    expect((await me(session.accessToken)).status).toBe(200);
  });

  it('of a session that has ended cannot be set, nor of another user’s', async () => {
    const [user, thief] = [await signUp(app), await signUp(app)];
    const sessionData = app.nest.get(SetSessionData, { strict: false });
    const change = tenancy.with({ tenant: 'evil' });
    const notFound = expect.objectContaining({ code: 'sessions.not_found' });
    const stolen = { sessionId: user.sessionId, userId: thief.userId };
    await expect(sessionData.set(stolen, change)).rejects.toEqual(notFound);
    await app.api.post('/auth/logout', { refreshToken: user.refreshToken });
    await expect(sessionData.set(user, change)).rejects.toEqual(notFound);
  });

  it.each([
    ['Tenancy', /no name for data/],
    ['tenancy', /called "tenancy" already/],
  ])('has a name of its own: not %s', (name, message) => {
    expect(() => defineSessionData(name)).toThrow(message);
  });
});

describe('verbs on accounts', () => {
  const get = <T>(type: Type<T>) => app.nest.get(type, { strict: false });
  const NEW = 'seven lanterns on a hill';

  it('set a password after a proof: sessions end but the one excepted, and it is on record', async () => {
    const user = await signUp(app);
    const kept = await signIn(app.api, user.email);
    const change = { userId: user.userId, newPassword: NEW, proof: 'door_code' };
    await get(SetPassword).set({ ...change, except: kept.sessionId }, SYSTEM);
    const me = (token: string) => app.api.get('/auth/me', { token });
    expect((await me(user.accessToken)).body.code).toBe('access.token_revoked');
    expect((await me(kept.accessToken)).status).toBe(200);
    await signIn(app.api, user.email, NEW);
    const events = await app.stores.query(
      `SELECT details FROM audit_events WHERE action = 'user.password_changed' AND target_id = $1`,
      [user.userId],
    );
    expect(events).toEqual([{ details: { proof: 'door_code' } }]);
  });

  it('leave everything as it was when the proof turns out to be used up, or the password unfit', async () => {
    const user = await signUp(app);
    const set = (newPassword: string) =>
      get(SetPassword).set({ userId: user.userId, newPassword, proof: 'x' }, SYSTEM, async () => {
        throw doorErrors.wrongCode();
      });
    await expect(set(NEW)).rejects.toMatchObject({ code: 'door.wrong_code' });
    await expect(set('short')).rejects.toMatchObject({ code: 'request.invalid' });
    expect((await app.api.get('/auth/me', { token: user.accessToken })).status).toBe(200);
    await signIn(app.api, user.email);
  });

  it('give every role for the application itself, and for a caller what the caller holds', async () => {
    const user = await signUp(app);
    const { userId } = user;
    const assign = (actor: Actor) => get(AssignRoles).assign(userId, ['user', 'admin'], actor);
    await expect(assign({ ...SYSTEM, userId })).rejects.toMatchObject({ code: 'roles.escalation' });
    expect((await assign(SYSTEM)).roles).toEqual(['admin', 'user']);
  });
});

describe('a streak of a team’s own', () => {
  it('refuses after so many failures in a row, whoever was right or unlucky in between', async () => {
    const user = await signUp(app);
    const codes = ['0', '1', DOOR_CODE, '2', 'unplugged', '3', '4', DOOR_CODE];
    const statuses: number[] = [];
    for (const code of codes) statuses.push((await enter(user, 'body', code)).status);
    expect(statuses).toEqual([403, 403, 200, 403, 403, 403, 403, 429]);
    const refusal = await enter(user);
    expect(refusalOf(refusal)).toEqual(refused(429, 'throttle.too_many_requests'));
    expect(refusal.headers.get('ratelimit')).toMatch(/^"sign-in-account";r=0;t=\d+$/);
    expect(Number(refusal.headers.get('retry-after'))).toBeLessThanOrEqual(30);
  });

  it('is one after another at once: no more are judged than fail', async () => {
    const user = await signUp(app);
    const answers = await Promise.all(Array.from({ length: 8 }, () => enter(user, 'body', '0')));
    const judged = answers.filter(({ status }) => status === 403);
    expect(judged.length).toBeLessThanOrEqual(3);
    expect(answers.length - judged.length).toBeGreaterThanOrEqual(5);
  });

  it('is counted apart from Latchkey’s own limit of the same name', async () => {
    const user = await signUp(app);
    for (const code of ['0', '1', '2']) await enter(user, 'body', code);
    expect((await enter(user)).status).toBe(429);
    const { email } = user;
    const login = await app.api.post('/auth/login', { email, password: 'a wrong password' });
    expect(refusalOf(login)).toEqual(refused(401, 'auth.invalid_credentials'));
  });

  it('has a name of its own: the second limit of a name is refused', () => {
    const limits = app.nest.get(Limits, { strict: false });
    limits.window({ name: 'bells', quota: 1, windowSeconds: 1 });
    const again = 'There is a limit "bells" already.';
    expect(() => limits.window({ name: 'bells', quota: 2, windowSeconds: 1 })).toThrow(again);
    const failure = doorErrors.wrongCode;
    expect(() => limits.streak({ name: 'bells', failure })).toThrow(again);
  });
});

describe('reasons of a team’s own for ending sessions', () => {
  const reasonOf = async (user: SignedIn) => {
    const { body } = await app.api.get(`/admin/sessions?userId=${user.userId}&state=ended`, {
      token: admin.accessToken,
    });
    return body.items.map(({ endReason }: { endReason: string }) => endReason);
  };

  it.each([
    ['all of a user', ({ userId }: SignedIn) => `/door/close/${userId}`],
    ['one', ({ sessionId }: SignedIn) => `/door/lock/${sessionId}`],
  ])('end %s, and are what admins read and the audit trail keeps', async (_, path) => {
    const user = await signUp(app);
    expect((await asAdmin(path(user))).status).toBe(204);
    const { body } = await app.api.get('/auth/me', { token: user.accessToken });
    expect(body.code).toBe('access.token_revoked');
    expect(await reasonOf(user)).toEqual(['door_closed']);
    const events = await app.stores.query(
      `SELECT reason FROM audit_events WHERE reason = 'door_closed' AND target_id = ANY($1)`,
      [[user.userId, user.sessionId]],
    );
    expect(events).toHaveLength(1);
  });

  it('of another instance are shown as they are', async () => {
    const user = await signUp(app);
    await asAdmin(`/door/lock/${user.sessionId}`);
    await app.stores.query(`UPDATE sessions SET end_reason = 'of_tomorrow' WHERE id = $1`, [
      user.sessionId,
    ]);
    expect(await reasonOf(user)).toEqual(['of_tomorrow']);
    const { refreshToken } = user;
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    expect(refusalOf(refreshed)).toEqual(refused(401, 'auth.session_revoked'));
  });

  it('are words, defined once, and none of Latchkey’s', async () => {
    for (const [name, message] of [
      ['Door Closed', /is no reason for ending a session/],
      ['door_closed', /is a reason for ending sessions already/],
      ['logout', /is a reason for ending sessions already/],
    ] as const) {
      expect(() => defineSessionEndReasons({ name })).toThrow(message);
    }
    const { sessionId } = await signUp(app);
    const prose = app.stores.query(
      `UPDATE sessions SET end_reason = 'no word', ended_at = now() WHERE id = $1`,
      [sessionId],
    );
    await expect(prose).rejects.toThrow('sessions_end_reason_check');
  });
});
