import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { type Instance, Instances } from '../../../support/instances.js';
import type { LeanAnswer } from '../../../support/lean-client.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

/** For a longer run: TEST_RUNS=5000 npm test -- refresh-races */
const ROUNDS = repeated({ quick: 4, full: 200 });
const SECONDS_PER_ROUND_AT_MOST = 1;
/** Users whose rounds run side by side: few enough for no request to wait for a connection. */
const LANES = 4;
/** How many refreshes in a row the clients of the instances make: the first until it is refused. */
const REFRESHES_IN_A_ROW = [100, 1, 1];
const MOST_REQUESTS_BEFORE_THE_END = 7;

/** The user of a lane; `keeper` is a device that makes the change and is not the one raced for. */
interface Lane {
  keeper: SignedIn;
  password: string;
}

type Ending = (instance: Instance, device: SignedIn, lane: Lane) => Promise<LeanAnswer>;

/** What one round handed out. */
class Loot {
  readonly refreshTokens = new Set<string>();
  readonly accessTokens = new Set<string>();
  readonly refusals: string[] = [];

  take({ refreshToken, accessToken }: Pick<SignedIn, 'refreshToken' | 'accessToken'>): void {
    this.refreshTokens.add(refreshToken);
    this.accessTokens.add(accessToken);
  }
}

describe('a refresh that races the end of its session, on three instances', () => {
  let instances: Instances;
  let admin: SignedIn;
  beforeAll(async () => {
    instances = await Instances.start({}, {}, {});
    admin = await signUpAdmin(instances.at(0).app);
  });
  afterAll(async () => instances.stop());

  const endings: [string, Ending][] = [
    [
      'logout',
      ({ client }, { accessToken }) => client.post('/auth/logout', undefined, accessToken),
    ],
    [
      'logout-all',
      ({ client }, { accessToken }) => client.post('/auth/logout-all', undefined, accessToken),
    ],
    [
      'an administrator who revokes the session',
      ({ client }, { sessionId }) =>
        client.send('DELETE', `/admin/sessions/${sessionId}`, undefined, admin.accessToken),
    ],
    [
      'an administrator who disables the user',
      ({ client }, { userId }) =>
        client.send('PATCH', `/admin/users/${userId}`, { status: 'disabled' }, admin.accessToken),
    ],
    [
      'a change of the password from another device',
      async ({ client }, _device, lane) => {
        const newPassword = `${PASSWORD} ${Math.random()}`;
        const body = { currentPassword: lane.password, newPassword };
        const answer = await client.post('/auth/password/change', body, lane.keeper.accessToken);
        lane.password = newPassword;
        lane.keeper = { ...lane.keeper, accessToken: answer.body.accessToken };
        return answer;
      },
    ],
  ];

  it.each(endings)(
    'leaves nothing alive after %s',
    async (_what, end) => {
      const lanes = await Promise.all(
        Array.from({ length: LANES }, async (_, lane) => ({
          keeper: await signUp(instances.at(lane).app),
          password: PASSWORD,
        })),
      );
      let failed = false;
      const raceInLane = async (lane: Lane, first: number) => {
        const loots: Loot[] = [];
        for (let round = first; round < ROUNDS && !failed; round += LANES) {
          loots.push(await race(lane, end, round));
        }
        return loots;
      };
      const loots = await Promise.all(lanes.map(raceInLane))
        .then((all) => all.flat())
        .catch((error) => {
          failed = true;
          throw error;
        });

      const refusals = loots.flatMap((loot) => loot.refusals);
      expect(loots).toHaveLength(ROUNDS);
      expect(new Set(refusals)).toEqual(new Set(['auth.session_revoked']));
      // Else the refreshes did not race the end: all came before it.
      expect(loots.some(({ refreshTokens }) => refreshTokens.size > 1)).toBe(true);
    },
    onThisMachine(10_000 + ROUNDS * SECONDS_PER_ROUND_AT_MOST * 1000),
  );

  async function race(lane: Lane, end: Ending, round: number): Promise<Loot> {
    const ender = instances.at(round);
    const device = await signIn(ender.app.api, lane.keeper.email, lane.password);
    const loot = new Loot();
    loot.take(device);
    const [ended] = await Promise.all([
      letRequestsPass(ender, round % MOST_REQUESTS_BEFORE_THE_END).then(() =>
        end(ender, device, lane),
      ),
      ...REFRESHES_IN_A_ROW.map((times, index) =>
        refreshInARow(instances.at(round + index), times, device.refreshToken, loot),
      ),
    ]);

    expect([200, 204]).toContain(ended.status);
    await expectAccessTokensRefused(ender, loot);
    // Were the account active again, the session must be over all the same.
    await enable(device.userId);
    await expectRefreshTokensRefused(instances.at(round + 1), loot);
    for (const other of [instances.at(round + 1), instances.at(round + 2)]) {
      await eventually(() => expectAccessTokensRefused(other, loot), { within: 5 });
    }
    return loot;
  }

  async function enable(userId: string): Promise<void> {
    await instances.stores.query(
      `UPDATE users SET status = 'active' WHERE id = $1 AND status <> 'active'`,
      [userId],
    );
  }

  /** The end comes sooner in one round and later in another. */
  async function letRequestsPass({ client }: Instance, count: number): Promise<void> {
    for (let passed = 0; passed < count; passed++) await client.get('/auth/me', admin.accessToken);
  }

  async function refreshInARow({ client }: Instance, times: number, first: string, loot: Loot) {
    let refreshToken = first;
    for (let turn = 0; turn < times; turn++) {
      const { status, body } = await client.refresh(refreshToken);
      if (status !== 200) {
        loot.refusals.push(body.code);
        return;
      }
      loot.take(body);
      refreshToken = body.refreshToken;
    }
  }

  async function expectAccessTokensRefused({ client }: Instance, loot: Loot): Promise<void> {
    const answers = await Promise.all(
      [...loot.accessTokens].map((token) => client.get('/auth/me', token)),
    );
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(
      new Set(['access.token_revoked']),
    );
  }

  async function expectRefreshTokensRefused({ client }: Instance, loot: Loot): Promise<void> {
    const answers = await Promise.all(
      [...loot.refreshTokens].map((token) => client.refresh(token)),
    );
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(
      new Set(['auth.session_revoked']),
    );
  }
});
