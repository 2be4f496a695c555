import { expect } from 'vitest';
import { PASSWORD, type SignedIn, signIn, uniqueEmail } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { GuardedTraffic, statusOf } from '../../support/guarded-traffic.js';
import { ServedProcess } from '../../support/served-process.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { onThisMachine } from '../../support/time-limits.js';

/** Allowed for processes that wait for a turn on a busy machine. */
const SCHEDULING_MILLISECONDS = onThisMachine(1_500);
/** `REVOCATION_POLL_SECONDS` of every service here, and some time to carry out the poll. */
export const SAFETY_NET_MILLISECONDS = 1_000 + SCHEDULING_MILLISECONDS;
/** `REDIS_COMMAND_TIMEOUT_MS` of every service here. */
export const REDIS_BOUND_MILLISECONDS = 200;
export const REQUEST_MILLISECONDS = REDIS_BOUND_MILLISECONDS + SCHEDULING_MILLISECONDS;

const SETTINGS = {
  LOG_LEVEL: 'warn',
  THROTTLING: 'off',
  REVOCATION_POLL_SECONDS: '1',
  REVOCATION_MAX_STALENESS_SECONDS: '2',
  REDIS_COMMAND_TIMEOUT_MS: String(REDIS_BOUND_MILLISECONDS),
};

export interface Member {
  readonly service: ServedProcess;
  /** Its own way to Redis. */
  readonly redis: TcpProxy;
}

/** Several processes of the service under constant load, and a user with many sessions. */
export class Fleet {
  private constructor(
    readonly members: readonly [Member, ...Member[]],
    readonly traffic: GuardedTraffic,
    /** The session that ends the others. */
    readonly owner: SignedIn,
  ) {}

  /** @param environments one for each process */
  static async start(
    databaseUrl: string,
    redisPort: number,
    environments: readonly Record<string, string>[],
  ): Promise<Fleet> {
    const members = await Promise.all(
      environments.map(async (env) => {
        const redis = await TcpProxy.start(redisPort);
        const redisUrl = `redis://127.0.0.1:${redis.port}`;
        const service = await ServedProcess.start(
          { databaseUrl, redisUrl },
          { ...SETTINGS, ...env },
        );
        return { redis, service };
      }),
    );
    const [first, ...others] = members;
    if (first === undefined) throw new Error('A fleet has at least one process.');
    const { api } = first.service;
    const email = uniqueEmail();
    await api.post('/auth/register', { email, password: PASSWORD });
    const owner = await signIn(api, email);
    const traffic = new GuardedTraffic(
      members.map(({ service }) => service.origin),
      {
        acceptedMilliseconds: SAFETY_NET_MILLISECONDS,
        requestMilliseconds: REQUEST_MILLISECONDS,
      },
    );
    traffic.accept(owner.accessToken);
    traffic.start();
    return new Fleet([first, ...others], traffic, owner);
  }

  get first(): Member {
    return this.members[0];
  }

  async signIn(count: number): Promise<SignedIn[]> {
    const { api } = this.first.service;
    const sessions = await Promise.all(
      Array.from({ length: count }, () => signIn(api, this.owner.email)),
    );
    this.traffic.accept(...sessions.map(({ accessToken }) => accessToken));
    return sessions;
  }

  /** Ends a session through one of the processes, in bounded time. */
  async revoke(session: SignedIn, by: Member = this.first): Promise<void> {
    const stopwatch = this.traffic.stopwatch();
    await this.traffic.revoking(session.accessToken, async () => {
      const { status } = await by.service.api.delete(`/auth/sessions/${session.sessionId}`, {
        token: this.owner.accessToken,
      });
      expect(status).toBe(204);
    });
    expect(stopwatch()).toBeLessThan(REQUEST_MILLISECONDS);
  }

  /** Every process refuses these sessions within the safety net's interval from now. */
  async refusedEverywhere(...sessions: SignedIn[]): Promise<void> {
    await eventually(
      async () => {
        for (const { service } of this.members) {
          for (const { accessToken } of sessions) {
            expect(await statusOf(service.origin, accessToken)).toBe(401);
          }
        }
      },
      { within: SAFETY_NET_MILLISECONDS / 1_000 },
    );
  }

  /** Every process tails Redis. */
  async tailing(): Promise<void> {
    for (const { service } of this.members) {
      await eventually(
        async () => {
          const { body } = await service.api.get('/health/ready');
          expect(body.details.revocation).toMatchObject({ status: 'up', redis: 'up' });
        },
        { within: 10 },
      );
    }
  }

  async stop(): Promise<void> {
    await this.traffic.stop();
    await Promise.all(this.members.map(({ service }) => service.kill()));
    await Promise.all(this.members.map(({ redis }) => redis.stop()));
  }
}
