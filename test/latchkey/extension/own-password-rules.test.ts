import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import { CreateAdmin } from '../../../src/latchkey/users/accounts/create-admin.js';
import { PasswordRule } from '../../../src/latchkey/users/passwords/password-rule.js';
import { PASSWORD, type SignedIn, signUp, uniqueEmail } from '../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { onThisMachine } from '../../support/time-limits.js';

const asked: string[] = [];
let aborted = 0;

/** Each does what it does to passwords that name it, and lets all others pass. */
class RefusesKites extends PasswordRule {
  check(password: string, { email }: { email: string }) {
    asked.push(password);
    return password.includes('kites') ? `must not hold kites for ${email}` : undefined;
  }
}
class RefusesHills extends PasswordRule {
  async check(password: string) {
    return password.includes('hills') ? 'must not hold hills' : undefined;
  }
}
class IsOut extends PasswordRule {
  check(password: string): undefined {
    if (password.includes('outage')) throw new Error('The service is out.');
  }
}
class MustAnswer extends IsOut {
  override readonly whenUnable = 'refuse';

  override check(password: string): undefined {
    if (password.includes('strict outage')) throw new Error('The service is out.');
  }
}
class NeverAnswers extends PasswordRule {
  override readonly timeoutMilliseconds = 100;

  check(password: string, _: unknown, signal: AbortSignal) {
    if (!password.includes('silence')) return undefined;
    signal.addEventListener('abort', () => {
      aborted += 1;
    });
    return new Promise<undefined>(() => undefined);
  }
}

@Module({ providers: [RefusesKites, RefusesHills, IsOut, NeverAnswers] })
class OneModule {}
@Module({ providers: [MustAnswer, { provide: PasswordRule, useExisting: MustAnswer }] })
class AnotherModule {}
@Module({ imports: [LatchkeyModule, OneModule, AnotherModule] })
class ModuleWithRules {}

describe('rules of a team’s own about passwords', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let user: SignedIn;
  beforeAll(async () => {
    app = await startTestApp({}, { module: ModuleWithRules });
    user = await signUp(app);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const register = (password: string, email = uniqueEmail()) =>
    app.api.post('/auth/register', { email, password });
  const change = (newPassword: string, currentPassword = PASSWORD) =>
    app.api.post(
      '/auth/password/change',
      { currentPassword, newPassword },
      { token: user.accessToken },
    );

  it('are asked on registering, on changing and for admins, each by name of the field', async () => {
    const email = 'ada@example.com';
    const { body } = await register('seven green kites', email);
    expect(body.errors).toEqual([
      { field: 'password', message: `password must not hold kites for ${email}` },
    ]);
    expect(refusalOf(await change('seven green kites'))).toEqual(invalid('newPassword'));
    const createAdmin = app.nest.get(CreateAdmin, { strict: false });
    await expect(createAdmin.create(email, 'seven green kites')).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });

  it('are not asked by whoever changes a password without knowing the current one', async () => {
    asked.length = 0;
    const answer = await change('seven green kites', `${PASSWORD} `);
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
    expect(asked).toEqual([]);
  });

  it('all have their say', async () => {
    const { body } = await register('kites above the hills');
    expect(body.errors).toHaveLength(2);
  });

  it('are asked about the normal form, and not about what is unfit anyway', async () => {
    asked.length = 0;
    await register('short kites');
    await register('ｓｅｖｅｎ green lanterns');
    expect(asked).toEqual(['seven green lanterns']);
  });

  it('that fail let the password pass', async () => {
    expect((await register('an outage somewhere')).status).toBe(201);
  });

  it('that fail and must answer refuse it for now, and change nothing', async () => {
    const email = uniqueEmail();
    const answer = await register('a strict outage somewhere', email);
    expect(refusalOf(answer)).toEqual({
      status: 503,
      code: 'passwords.check_unavailable',
      fields: [],
    });
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await register(PASSWORD, email)).status).toBe(201);
  });

  it.each([
    ['refuse', 'seven green kites', 400],
    ['must answer and fail', 'a strict outage somewhere', 503],
  ])(
    'that %s are asked no more often than an address may register',
    async (_, password, status) => {
      await using limited = await startTestApp(
        { THROTTLING: 'on', THROTTLE_ADDRESS_REGISTRATIONS: '3' },
        { module: ModuleWithRules },
      );
      asked.length = 0;
      const answers: number[] = [];
      for (const tried of ['short kites', password, password, password, password]) {
        const body = { email: uniqueEmail(), password: tried };
        answers.push((await limited.api.post('/auth/register', body)).status);
      }
      expect(answers).toEqual([400, status, status, status, 429]);
      expect(asked).toEqual(Array(3).fill(password));
    },
  );

  it('that never answer are given up in their time, and told so', async () => {
    const start = performance.now();
    expect((await register('a silence of the lanterns')).status).toBe(201);
    expect(performance.now() - start).toBeLessThan(onThisMachine(2_000));
    expect(aborted).toBe(1);
  });
});
