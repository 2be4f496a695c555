import { afterAll, beforeAll, expect, it } from 'vitest';
import { signUp, uniqueEmail } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { TestMailServer } from '../../../support/test-mail-server.js';
import { onThisMachine } from '../../../support/time-limits.js';

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
    for (const _ of ['renewed', 'renewed again, after a silence of thirty seconds']) {
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
  onThisMachine(90_000),
);
