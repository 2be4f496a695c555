import { randomBytes } from 'node:crypto';
import type { TestApp } from '../support/test-app.js';
import { signUp } from './accounts.js';

/** The addresses of new accounts in great number, all with the builders' password. */
export async function populate(
  app: Pick<TestApp, 'api' | 'stores'>,
  count: number,
): Promise<string[]> {
  const { userId } = await signUp(app);
  const group = randomBytes(6).toString('hex');
  const emails = Array.from({ length: count }, (_, index) => `${group}-${index}@example.com`);
  await app.stores.query(
    `INSERT INTO users (id, email, email_key, password_hash)
     SELECT gen_random_uuid(), email, email, (SELECT password_hash FROM users WHERE id = $2)
     FROM unnest($1::text[]) AS email`,
    [emails, userId],
  );
  return emails;
}
