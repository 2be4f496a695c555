import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signIn } from '../../builders/accounts.js';
import { ApiClient } from '../../support/api-client.js';
import { freshDirectory, ServiceProcess } from '../../support/service-process.js';
import { onThisMachine } from '../../support/time-limits.js';

const EMAIL = 'ada@example.com';
/** With a fixed issuer, since its port is another one after every start. */
const ENV = { PORT: '0', JWT_ISSUER: 'http://latchkey.test', LOG_LEVEL: 'warn' };

describe('a service on the embedded Postgres', () => {
  let directory: Awaited<ReturnType<typeof freshDirectory>>;
  let service: ServiceProcess | undefined;
  beforeAll(async () => {
    directory = await freshDirectory();
  });
  afterAll(async () => {
    await service?.destroy();
    await directory.remove();
  });

  const start = async () => {
    service = await ServiceProcess.serve(directory.path, ENV);
    return new ApiClient(service.origin);
  };

  const databaseRuns = () =>
    access(join(directory.path, '.latchkey/postgres/data/postmaster.pid')).then(
      () => true,
      () => false,
    );

  /** Accounts, sessions and signing keys are all what they were. */
  async function expectNothingLost(api: ApiClient, session: SignedIn): Promise<SignedIn> {
    const { accessToken, refreshToken, userId } = session;
    expect((await api.get('/auth/me', { token: accessToken })).body.userId).toBe(userId);
    expect((await api.get('/users/me', { token: accessToken })).body.email).toBe(EMAIL);
    const refreshed = await api.post('/auth/refresh', { refreshToken });
    expect([refreshed.status, refreshed.body.sessionId]).toEqual([200, session.sessionId]);
    return { ...session, ...refreshed.body };
  }

  it(
    'loses nothing by kill -9, nor by SIGTERM, which stops its database cleanly',
    async () => {
      const first = await start();
      await first.post('/auth/register', { email: EMAIL, password: PASSWORD });
      const session = await signIn(first, EMAIL);

      await service?.stop('SIGKILL');
      const continued = await expectNothingLost(await start(), session);

      expect(await databaseRuns()).toBe(true);
      expect(await service?.stop('SIGTERM')).toMatchObject({ exitCode: 0, errors: '' });
      expect(await databaseRuns()).toBe(false);
      await expectNothingLost(await start(), continued);
      expect(await service?.stop('SIGINT')).toMatchObject({ exitCode: 0, errors: '' });
    },
    onThisMachine(120_000),
  );
});
