import { Module } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { expect, it } from 'vitest';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import type { AuthorizationFacts } from '../../../src/latchkey/tokens/access-tokens/access-token-claims.js';
import {
  ClaimsContributor,
  type SessionFacts,
} from '../../../src/latchkey/tokens/access-tokens/claims-contributor.js';
import { claimsOf } from '../../builders/access-tokens.js';
import { PASSWORD, signUp } from '../../builders/accounts.js';
import { startTestApp } from '../../support/test-app.js';

const AT_ONCE = 20;

/** The commonest claim of a team's own: what a table says of the user. */
class AddressClaims extends ClaimsContributor {
  readonly claims = ['address', 'seen'];

  async contribute({ userId }: AuthorizationFacts, { id }: SessionFacts, manager: EntityManager) {
    const [user] = await manager.query<{ email: string }[]>(
      'SELECT email FROM users WHERE id = $1',
      [userId],
    );
    const sessions = await manager.query<unknown[]>('SELECT FROM sessions WHERE id = $1', [id]);
    return { address: user?.email, seen: sessions.length };
  }
}

@Module({ imports: [LatchkeyModule], providers: [AddressClaims] })
class WithClaims {}

it('a claim that is read from a table lets as many sign in at once as ever, with two connections to Postgres', async () => {
  await using app = await startTestApp({ DATABASE_POOL_SIZE: '2' }, { module: WithClaims });
  const users = [];
  while (users.length < AT_ONCE) users.push(await signUp(app));

  const signedIn = await Promise.all(
    users.map(({ email }) =>
      app.api.post<{ accessToken: string; refreshToken: string }>('/auth/login', {
        email,
        password: PASSWORD,
        delivery: 'body',
      }),
    ),
  );
  expect(signedIn.map(({ status }) => status)).toEqual(users.map(() => 200));
  // It is read in the transaction of the sign-in, which sees its own session.
  expect(signedIn.map(({ body }) => claimsOf(body.accessToken))).toMatchObject(
    users.map(({ email }) => ({ address: email, seen: 1 })),
  );

  const refreshed = await Promise.all(
    signedIn.map(({ body: { refreshToken } }) => app.api.post('/auth/refresh', { refreshToken })),
  );
  expect(refreshed.map(({ status }) => status)).toEqual(users.map(() => 200));
});
