import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signUp, uniqueEmail } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { selfSigned } from '../../../support/self-signed.js';
import { ServedProcess } from '../../../support/served-process.js';
import { freshDirectory } from '../../../support/service-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestMailServer } from '../../../support/test-mail-server.js';

const USER = 'acme@mail.example';
/** With what has to be escaped in an address. */
const PASSWORD = 'p@ss/word:%41';

let stores: Stores;
let mail: TestMailServer;
let directory: Awaited<ReturnType<typeof freshDirectory>>;
let trusted: string;
beforeAll(async () => {
  const certificate = selfSigned();
  directory = await freshDirectory();
  trusted = join(directory.path, 'mail.pem');
  await writeFile(trusted, certificate.cert);
  stores = await createStores();
  mail = await TestMailServer.start({ ...certificate, user: USER, password: PASSWORD });
});
afterAll(async () => {
  await mail.stop();
  await stores.drop();
  await directory.remove();
});

/** Asks for a mail of an instance that logs in to the mail server like this. */
async function askedBy(password: string, env: Record<string, string>) {
  const login = `${encodeURIComponent(USER)}:${encodeURIComponent(password)}`;
  const url = mail.url.replace('//', `//${login}@`);
  const instance = await ServedProcess.start(stores, { MAIL_URL: url, ...env });
  const email = uniqueEmail();
  await signUp(instance, email);
  const answer = await instance.api.post('/auth/recovery/request', { email });
  expect(answer.status).toBe(202);
  return { instance, email };
}

async function refusal(): Promise<string> {
  return eventually(
    async () => {
      const [row] = await stores.query<{ error: string }>(
        `SELECT last_error AS error FROM outbox WHERE last_error IS NOT NULL`,
      );
      if (row === undefined) throw new Error('Nothing has been refused.');
      return row.error;
    },
    { within: 10 },
  );
}

it('a server that demands TLS and a password gets the mail, and the password by TLS alone', async () => {
  const { instance, email } = await askedBy(PASSWORD, { NODE_EXTRA_CA_CERTS: trusted });
  await eventually(() => expect(mail.sentTo(email)).toHaveLength(1), { within: 10 });
  expect(mail.logins).toEqual([{ username: USER, password: PASSWORD, secure: true }]);
  await instance.kill();
});

it.each([
  ['whose certificate nobody has signed for', PASSWORD, false],
  ['that takes another password', 'wrong', true],
])(
  'a server %s gets no mail; it waits, and says why without the password',
  async (_, password, isTrusted) => {
    await stores.query('DELETE FROM outbox');
    mail.logins.length = 0;
    const env: Record<string, string> = isTrusted ? { NODE_EXTRA_CA_CERTS: trusted } : {};
    const { instance, email } = await askedBy(password, env);
    const error = await refusal();
    expect(error).toMatch(isTrusted ? /Invalid login|authenticat/i : /certificate/i);
    expect(error).not.toContain(password);
    expect(mail.sentTo(email)).toEqual([]);
    expect(mail.logins.every(({ secure }) => secure)).toBe(true);
    if (!isTrusted) expect(mail.logins).toEqual([]);
    await instance.kill();
  },
);
