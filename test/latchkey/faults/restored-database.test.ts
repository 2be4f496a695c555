import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { createStores, type Stores } from '../../support/stores.js';
import { TestApp } from '../../support/test-app.js';

const SETTINGS = { REVOCATION_POLL_SECONDS: '1' };
const NOTICED = { within: 15 };

/** A database that is backed up and restored: by copies, with everybody's connections ended. */
class Restorable {
  readonly name: string;
  private readonly backup: string;

  constructor(private readonly stores: Stores) {
    this.name = new URL(stores.databaseUrl).pathname.slice(1);
    this.backup = `${this.name}_backup`;
  }

  /** As one from an hour ago: that is how late the log says it is in it. */
  async backUp(): Promise<void> {
    await this.administer(
      `ALTER DATABASE ${this.name} ALLOW_CONNECTIONS false`,
      ended(this.name),
      `CREATE DATABASE ${this.backup} TEMPLATE ${this.name}`,
      `ALTER DATABASE ${this.name} ALLOW_CONNECTIONS true`,
      `ALTER DATABASE ${this.backup} ALLOW_CONNECTIONS true`,
    );
    const url = Object.assign(new URL(this.stores.databaseUrl), { pathname: this.backup });
    await run(url.href, "UPDATE revocation_progress SET latest_at = latest_at - interval '1 hour'");
  }

  async restore(): Promise<void> {
    await this.administer(
      `ALTER DATABASE ${this.name} ALLOW_CONNECTIONS false`,
      ended(this.name),
      `DROP DATABASE ${this.name}`,
      ended(this.backup),
      `ALTER DATABASE ${this.backup} RENAME TO ${this.name}`,
    );
  }

  private administer(...statements: string[]): Promise<void> {
    const url = Object.assign(new URL(this.stores.databaseUrl), { pathname: 'postgres' });
    return run(url.href, ...statements);
  }
}

function ended(database: string): string {
  return `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${database}'`;
}

async function run(connectionString: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

interface Endings {
  readonly signedOut: SignedIn;
  readonly disabled: SignedIn;
  readonly untouched: SignedIn;
}

describe.each([
  { how: 'while it runs', running: true, sessions: 'end' },
  { how: 'while it is stopped', running: false, sessions: 'end' },
  { how: 'while it runs', running: true, sessions: 'keep' },
])(
  'a database that is restored to an hour ago $how, with REVOCATION_ON_RESTORE=$sessions',
  (row) => {
    let stores: Stores;
    let database: Restorable;
    let app: TestApp;
    const env = { ...SETTINGS, REVOCATION_ON_RESTORE: row.sessions };
    beforeAll(async () => {
      stores = await createStores();
      database = new Restorable(stores);
      app = await TestApp.start({ stores, env });
    });
    afterAll(async () => {
      await app?.stop();
      await stores?.drop();
    });

    const refresh = ({ refreshToken }: SignedIn) => app.api.post('/auth/refresh', { refreshToken });

    async function endSome(admin: SignedIn, sessions: Endings): Promise<void> {
      const { signedOut, disabled } = sessions;
      await app.api.post('/auth/logout', undefined, { token: signedOut.accessToken });
      const { status } = await app.api.patch(
        `/admin/users/${disabled.userId}`,
        { status: 'disabled' },
        { token: admin.accessToken },
      );
      expect(status).toBe(200);
    }

    it(
      row.sessions === 'end' ? 'revives nothing that was ended' : 'says that it does',
      async () => {
        const admin = await signUpAdmin(app);
        const sessions: Endings = {
          signedOut: await signUp(app),
          disabled: await signUp(app),
          untouched: await signUp(app),
        };
        await database.backUp();
        await eventually(
          async () => expect((await signIn(app.api, admin.email)).userId).toBe(admin.userId),
          NOTICED,
        );
        await endSome(admin, sessions);
        // The log has told, and Redis has been told, how late it is by now.
        const redis = new Redis(stores.redisUrl);
        await eventually(async () => expect(await redis.keys('*:latest')).toHaveLength(1), NOTICED);
        redis.disconnect();
        if (!row.running) await app.stop();
        await database.restore();
        if (!row.running) app = await TestApp.start({ stores, env });

        const events = () =>
          stores.query<{ reason: string; actor_id: string | null }>(
            `SELECT reason, actor_id FROM audit_events WHERE action = 'sessions.revoked'`,
          );
        if (row.sessions === 'keep') {
          await eventually(
            async () => expect((await refresh(sessions.signedOut)).status).toBe(200),
            NOTICED,
          );
          expect(await events()).toEqual([]);
          return;
        }
        await eventually(async () => expect(await events()).toHaveLength(1), NOTICED);
        for (const session of Object.values(sessions)) {
          expect(refusalOf(await refresh(session))).toEqual(refused(401, 'auth.session_revoked'));
          const me = await app.api.get('/auth/me', { token: session.accessToken });
          expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
        }
        const again = await signIn(app.api, sessions.untouched.email);
        expect((await app.api.get('/auth/me', { token: again.accessToken })).status).toBe(200);
        expect((await refresh(again)).status).toBe(200);
        expect(await events()).toEqual([
          { reason: 'The database has gone back to an earlier moment.', actor_id: null },
        ]);
      },
    );
  },
);
