import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniqueEmail } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';

const SALT_AND_DIGEST = 'c2l4dGVlbiBieXRlIHNsdA$Ms4Ljdag94dbZsAvXRoLt9NwiVW1Yaa5wwuqMlXGEhM';
/** As they were imported once, or came into the table by some other way. */
const STORED = [
  `$argon2id$v=19$m=0,t=1,p=1$${SALT_AND_DIGEST}`,
  `$argon2id$v=19$m=64,t=0,p=1$${SALT_AND_DIGEST}`,
  `$argon2id$v=19$m=64,t=1,p=0$${SALT_AND_DIGEST}`,
  `$argon2id$v=19$m=64,t=1,p=9$${SALT_AND_DIGEST}`,
  `$argon2id$v=19$m=64,m=64,t=1$${SALT_AND_DIGEST}`,
  `$scrypt$ln=16,r=1,p=1$${SALT_AND_DIGEST}`,
  // Whose form is right, so that only the library refuses it.
  `$scrypt$ln=40,r=8,p=1$${SALT_AND_DIGEST}`,
  '$argon2i$v=19$m=64,t=1,p=1$nothing',
];

describe('a stored hash that cannot be verified', () => {
  let stores: Stores;
  let service: ServedProcess;
  beforeAll(async () => {
    stores = await createStores();
    service = await ServedProcess.start(stores, { LOG_LEVEL: 'error' });
    await stores.query(
      `INSERT INTO users (id, email, email_key, password_hash)
       SELECT gen_random_uuid(), n || '@old.example', n || '@old.example', hash
       FROM unnest($1::text[]) WITH ORDINALITY AS stored (hash, n)`,
      [STORED],
    );
  });
  afterAll(async () => {
    await service?.kill();
    await stores?.drop();
  });

  const login = (email: string) => service.api.post('/auth/login', { email, password: 'whatever' });
  const logged = () => service.log.split('\n').filter((line) => line.includes('"level":50'));

  it('is a sign-in that fails, and says so in the log without the hash', async () => {
    for (const index of STORED.keys()) {
      const answer = await login(`${index + 1}@old.example`);
      expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
    }
    await eventually(() => expect(logged()).toHaveLength(STORED.length), { within: 5 });
    for (const line of logged())
      expect(line).toContain('A stored password hash cannot be verified');
    expect(service.log).not.toContain('Ms4Ljdag94');
  });

  it('makes no address fail that has no account', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => login(uniqueEmail())));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(401));
  });
});
