import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { age, refresh, rotate } from '../../../builders/sessions.js';
import { eventually } from '../../../support/eventually.js';
import { type Instance, Instances } from '../../../support/instances.js';
import { sampled } from '../../../support/test-depth.js';

interface Case {
  readonly what: string;
  /** Whether the user's other device stays signed in. */
  readonly spares: boolean;
  /** Makes an instance end the session; answers what the instance answered. */
  readonly end: (
    instance: Instance,
    device: SignedIn,
    other: SignedIn,
  ) => Promise<{ status: number }>;
  readonly status: number;
}

const AFTER_THE_GRACE_SECONDS = 30;
const POLL_SECONDS = 1;
const WITH_REDIS = { REVOCATION_POLL_SECONDS: '3600' };
const WITHOUT_REDIS = { REDIS_URL: '', REVOCATION_POLL_SECONDS: String(POLL_SECONDS) };

describe('the end of a session', () => {
  let instances: Instances;
  let admin: SignedIn;
  beforeAll(async () => {
    // The first two hear of each other by Redis alone, the last two by Postgres alone.
    instances = await Instances.start(WITH_REDIS, WITH_REDIS, WITHOUT_REDIS, WITHOUT_REDIS);
    admin = await signUpAdmin(instances.at(0).app);
  });
  afterAll(async () => instances.stop());

  const cases: Case[] = [
    {
      what: 'logout by access token',
      spares: true,
      end: ({ client }, { accessToken }) => client.post('/auth/logout', undefined, accessToken),
      status: 204,
    },
    {
      what: 'logout by refresh token',
      spares: true,
      end: ({ client }, { refreshToken }) => client.post('/auth/logout', { refreshToken }),
      status: 204,
    },
    {
      what: 'logout-all',
      spares: false,
      end: ({ client }, { accessToken }) => client.post('/auth/logout-all', undefined, accessToken),
      status: 200,
    },
    {
      what: 'its deletion from the list of sessions',
      spares: true,
      end: ({ client }, { sessionId }, other) =>
        client.send('DELETE', `/auth/sessions/${sessionId}`, undefined, other.accessToken),
      status: 204,
    },
    {
      what: 'reuse of a refresh token',
      spares: true,
      end: async ({ app }, { refreshToken, sessionId }) => {
        await rotate(app.api, refreshToken, 2);
        await age(app.stores, sessionId, AFTER_THE_GRACE_SECONDS);
        return refresh(app.api, refreshToken);
      },
      status: 401,
    },
    {
      what: 'a change of the password from another device',
      spares: false,
      end: ({ client }, _device, other) =>
        client.post(
          '/auth/password/change',
          { currentPassword: PASSWORD, newPassword: `${PASSWORD}, renewed` },
          other.accessToken,
        ),
      status: 200,
    },
    {
      what: 'an administrator who revokes it',
      spares: true,
      end: ({ client }, { sessionId }) =>
        client.send('DELETE', `/admin/sessions/${sessionId}`, undefined, admin.accessToken),
      status: 204,
    },
    {
      what: 'an administrator who revokes all of the user',
      spares: false,
      end: ({ client }, { userId }) =>
        client.send('DELETE', `/admin/users/${userId}/sessions`, undefined, admin.accessToken),
      status: 200,
    },
    {
      what: 'an administrator who disables the user',
      spares: false,
      end: ({ client }, { userId }) =>
        client.send('PATCH', `/admin/users/${userId}`, { status: 'disabled' }, admin.accessToken),
      status: 200,
    },
    {
      what: 'an administrator who deletes the user',
      spares: false,
      end: ({ client }, { userId }) =>
        client.send('DELETE', `/admin/users/${userId}`, undefined, admin.accessToken),
      status: 204,
    },
  ];

  const ways = [
    { way: 'Redis', on: 0, within: 2 },
    { way: 'Postgres, without a Redis', on: 2, within: POLL_SECONDS + 1 },
  ];

  it.each(
    sampled(
      ways.flatMap((way) => cases.map((each) => ({ ...each, ...way }))),
      { oneIn: 4 },
    ),
  )(
    'by $what holds at once, and elsewhere through $way',
    async ({ end, status, spares, on, within }) => {
      const [here, elsewhere] = [instances.at(on), instances.at(on + 1)];
      const device = await signUp(here.app);
      const other = await signIn(here.app.api, device.email);
      const stranger = await signUp(here.app);
      // Seen before, so that both instances remember the tokens as verified.
      for (const { accessToken } of [device, other, stranger]) {
        await expectVerdict(here, accessToken, undefined);
        await expectVerdict(elsewhere, accessToken, undefined);
      }

      expect((await end(here, device, other)).status).toBe(status);

      const othersFate = spares ? undefined : 'access.token_revoked';
      await expectVerdict(here, device.accessToken, 'access.token_revoked');
      await expectVerdict(here, other.accessToken, othersFate);
      await eventually(
        async () => {
          await expectVerdict(elsewhere, device.accessToken, 'access.token_revoked');
          await expectVerdict(elsewhere, other.accessToken, othersFate);
        },
        { within },
      );
      await expectVerdict(here, stranger.accessToken, undefined);
      await expectVerdict(elsewhere, stranger.accessToken, undefined);
      expect((await refresh(elsewhere.app.api, device.refreshToken)).status).toBe(401);
      expect((await refresh(elsewhere.app.api, other.refreshToken)).status).toBe(
        spares ? 200 : 401,
      );
    },
  );

  async function expectVerdict({ client }: Instance, token: string, code: string | undefined) {
    const { body } = await client.get('/auth/me', token);
    expect(body.code).toBe(code);
  }
});
