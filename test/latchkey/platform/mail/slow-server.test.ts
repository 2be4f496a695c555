import { afterAll, beforeAll, expect, it } from 'vitest';
import { signUp, uniqueEmail } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { TestMailServer } from '../../../support/test-mail-server.js';
import { onThisMachine } from '../../../support/time-limits.js';

/**
 * RFC 5321 section 4.5.3.2.6: a server may take ten minutes to answer once it has the mail. At full depth it
 * takes several times as long as a hold would last; the hold is renewed every fifteen seconds.
 */
const SILENCE_SECONDS = repeated({ quick: 12, full: 100 });

let stores: Stores;
let mail: TestMailServer;
let apps: TestApp[];
beforeAll(async () => {
  stores = await createStores();
  mail = await TestMailServer.start();
  apps = [];
  for (const _ of [1, 2]) apps.push(await TestApp.start({ stores, env: { MAIL_URL: mail.url } }));
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await mail.stop();
  await stores.drop();
});

it(
  'a mail server that takes its time to answer gets each mail once: whoever sends it holds it',
  async () => {
    const email = uniqueEmail();
    const [app] = apps as [TestApp];
    await signUp(app, email);
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    mail.at = (step) => (step === 'taken' ? answered : undefined);
    await app.api.post('/auth/recovery/request', { email });
    await eventually(() => expect(mail.sentTo(email)).toHaveLength(1), { within: 5 });
    const since = performance.now();
    while (performance.now() - since < SILENCE_SECONDS * 1_000) {
      // As it is when most of the hold is over.
      await stores.query(
        `UPDATE outbox SET due_at = clock_timestamp() + interval '25 seconds' WHERE state = 'waiting'`,
      );
      await eventually(
        async () => {
          const [row] = await stores.query<{ seconds: number }>(
            `SELECT extract(epoch FROM due_at - clock_timestamp())::float8 AS seconds
             FROM outbox WHERE attempts = 1 AND last_error IS NULL`,
          );
          expect(row?.seconds).toBeGreaterThan(40);
        },
        { within: 24 },
      );
      const others = await stores.query(
        `SELECT FROM outbox WHERE attempts > 1 OR state <> 'waiting'`,
      );
      expect([others, mail.sentTo(email).length]).toEqual([[], 1]);
    }
    answer();
    await eventually(
      async () => {
        const rows = await stores.query('SELECT state, attempts FROM outbox');
        expect(rows).toEqual([{ state: 'delivered', attempts: 1 }]);
      },
      { within: 5 },
    );
    expect(mail.sentTo(email)).toHaveLength(1);
  },
  onThisMachine(90_000) + SILENCE_SECONDS * 1_000,
);
