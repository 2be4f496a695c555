import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Module, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { decodeJwt } from 'jose';
import {
  type Actor,
  AuthModule,
  authErrors,
  CompleteSignIn,
  CurrentActor,
  DELIVERIES,
  type Delivery,
  defineErrors,
  defineSessionEndReasons,
  IsText,
  LatchkeyModule,
  Limits,
  Public,
  RequirePermissions,
  Revocations,
  SessionEnder,
  type StreakLimit,
  TokenResponse,
  Users,
  UuidParam,
} from '../../../src/latchkey/index.js';
import { type SignedIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

const DOOR_CODE = '4711';
const doorErrors = defineErrors({
  wrongCode: { code: 'door.wrong_code', status: 403, title: 'Wrong.', remedy: 'Try another.' },
});
const doorEndings = defineSessionEndReasons({ closed: 'door_closed' });

class DoorCodeBody {
  @IsText({ min: 1, max: 254 })
  email!: string;

  @IsText({ min: 1, max: 10 })
  code!: string;

  @IsText({ min: 1, max: 10 })
  delivery!: Delivery;
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
    @Body() { email, code, delivery }: DoorCodeBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const account = await this.users.findForSignIn(email);
    if (account === null) throw authErrors.invalidCredentials();
    await this.codes.attempt(reply, email, async () => {
      if (code === 'unplugged') throw authErrors.passwordSignInOff();
      if (code !== DOOR_CODE) throw doorErrors.wrongCode();
    });
    return this.signIn.complete(reply, { account, methods: ['otp'], delivery });
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

@Module({ imports: [LatchkeyModule, AuthModule], controllers: [DoorController] })
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
