import { Module } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defineErrors,
  IsText,
  LatchkeyModule,
  RegistrationFields,
} from '../../../src/latchkey/index.js';
import { PASSWORD, signUp, uniqueEmail } from '../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { createStores } from '../../support/stores.js';
import { startTestApp } from '../../support/test-app.js';

const phoneErrors = defineErrors({
  taken: { code: 'phones.taken', status: 409, title: 'It is taken.', remedy: 'Use another.' },
});

class PhoneFields {
  @ApiProperty({ example: '+4930901820', minLength: 5, maxLength: 20 })
  @IsText({ min: 5, max: 20 })
  phone!: string;
}
class PhoneRegistration extends RegistrationFields<PhoneFields> {
  readonly type = PhoneFields;

  async store(manager: EntityManager, userId: string, { phone }: PhoneFields): Promise<void> {
    if (phone === 'breaks') throw new Error('The table is broken.');
    const stored = await manager.query(
      'INSERT INTO phones VALUES ($1, $2) ON CONFLICT (phone) DO NOTHING RETURNING phone',
      [userId, phone],
    );
    if (stored.length === 0) throw phoneErrors.taken();
  }
}
class CompanyFields {
  @ApiProperty({ example: 'ACME' })
  @IsText({ min: 1, max: 40 })
  company!: string;
}
class CompanyRegistration extends RegistrationFields<CompanyFields> {
  readonly type = CompanyFields;

  async store(): Promise<void> {}
}

@Module({ providers: [PhoneRegistration] })
class PhonesModule {}
@Module({ providers: [CompanyRegistration] })
class CompaniesModule {}
@Module({ imports: [LatchkeyModule, PhonesModule, CompaniesModule] })
class ModuleWithFields {}

let phones = 100;
const uniquePhone = () => {
  phones += 1;
  return `+49-${phones}-000`;
};

describe('registration fields of a team’s own', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    const stores = await createStores();
    await stores.query(
      `CREATE TABLE phones (
         user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, phone text PRIMARY KEY)`,
    );
    app = await startTestApp({}, { module: ModuleWithFields, stores });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const register = (fields: object) =>
    app.api.post('/auth/register', { password: PASSWORD, company: 'ACME', ...fields });
  const accounts = (email: string) =>
    app.stores.query<{ phone: string | null }>(
      'SELECT phone FROM users u LEFT JOIN phones p ON p.user_id = u.id WHERE email = $1',
      [email],
    );
  const allPhones = async () => (await app.stores.query('SELECT phone FROM phones')).length;

  it('are stored with the account', async () => {
    const [email, phone] = [uniqueEmail(), uniquePhone()];
    expect((await register({ email, phone })).status).toBe(201);
    expect(await accounts(email)).toEqual([{ phone }]);
  });

  it('are checked with Latchkey’s, and every wrong one is named', async () => {
    const answer = await register({ email: 'x', phone: '1', company: 7, pet: 'cat' });
    expect(refusalOf(answer)).toEqual(invalid('email', 'phone', 'company', 'pet'));
  });

  it.each([
    ['no object', '"text"'],
    ['a list', '[]'],
    ['nothing', ''],
    ['null', 'null'],
  ])('refuse a body that is %s', async (_, body) => {
    const answer = await fetch(`${app.origin}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(400);
  });

  it('take the account back when they cannot be stored', async () => {
    const [email, phone] = [uniqueEmail(), uniquePhone()];
    await register({ email: uniqueEmail(), phone });
    expect(refusalOf(await register({ email, phone }))).toEqual(refused(409, 'phones.taken'));
    expect(await accounts(email)).toEqual([]);
  });

  it('say the same of themselves whether or not the address is known, and keep nothing', async () => {
    const [email, phone] = [uniqueEmail(), uniquePhone()];
    await register({ email, phone });
    const before = await allPhones();
    expect(refusalOf(await register({ email, phone }))).toEqual(refused(409, 'phones.taken'));
    expect(refusalOf(await register({ email, phone: uniquePhone() }))).toEqual(
      refused(409, 'users.email_taken'),
    );
    expect(await allPhones()).toBe(before);
    expect(await app.stores.query(`SELECT id FROM users WHERE email LIKE '%.invalid'`)).toEqual([]);
  });

  it('are in the API description beside Latchkey’s', async () => {
    const { body } = await app.api.get('/openapi.json');
    const { properties, required, additionalProperties } = body.components.schemas.RegisterBody;
    expect(Object.keys(properties).sort()).toEqual([
      'company',
      'email',
      'name',
      'password',
      'phone',
    ]);
    expect(required.sort()).toEqual(['company', 'email', 'password', 'phone']);
    expect(additionalProperties).toBe(false);
  });
});

describe('a registration field that two own', () => {
  class OtherPhoneRegistration extends PhoneRegistration {}
  class EmailFields {
    @IsText({ min: 1, max: 9 })
    email!: string;
  }
  class EmailRegistration extends CompanyRegistration {
    override readonly type = EmailFields as never;
  }
  class NoFields {}
  class NoRegistration extends CompanyRegistration {
    override readonly type = NoFields as never;
  }

  it.each([
    ['two features', [PhoneRegistration, OtherPhoneRegistration], /"phone" has two owners: Phone/],
    [
      'Latchkey and a feature',
      [EmailRegistration],
      /"email" has two owners: RegisterBody and Email/,
    ],
    ['no field at all', [NoRegistration], /NoRegistration: NoFields declares no field/],
  ])('ends the start: %s', async (_, providers, message) => {
    @Module({ imports: [LatchkeyModule], providers })
    class Ambiguous {}
    const stores = await createStores();
    await expect(startTestApp({}, { module: Ambiguous, stores })).rejects.toThrow(message);
    await stores.drop();
  });

  it('is Latchkey’s business alone where no feature adds any', async () => {
    const app = await startTestApp();
    await signUp(app);
    const answer = await app.api.post('/auth/register', {
      email: uniqueEmail(),
      password: PASSWORD,
      phone: '1',
    });
    expect(refusalOf(answer)).toEqual(invalid('phone'));
    await app[Symbol.asyncDispose]();
  });
});
