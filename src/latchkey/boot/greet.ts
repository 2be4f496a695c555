import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DATA_DIRECTORY } from '../platform/config/app-secrets.js';
import { RuntimeConfig } from '../platform/config/runtime.config.js';
import { DatabaseConfig } from '../platform/database/database.config.js';
import { DatabaseLocation } from '../platform/database/database-location.js';
import { Disclosure } from '../platform/http/disclosure/disclosure.js';
import { DevMailbox } from '../platform/mail/dev-mailbox.js';
import { Mailer } from '../platform/mail/mailer.js';
import { RedisConfig } from '../platform/redis/redis.config.js';

const NO_MAIL =
  'No mail is sent: MAIL_URL is not set. Off are verifying addresses, recovery, sign-in by code, invitations, changes of address and notices.';

/**
 * Says where it serves: in production in one line of the log; else on standard output, with what a
 * person needs who has just started it, and no secret.
 */
export function greet(app: NestFastifyApplication): void {
  const origin = originOf(app);
  if (app.get(RuntimeConfig).production) {
    new Logger('Latchkey').log(`Latchkey serves ${origin} now.`);
    if (!app.get(Mailer).available) new Logger('Mail').warn(NO_MAIL);
    return;
  }
  const { describesApi } = app.get(Disclosure);
  const rows = [
    ['The demo', `${origin}/demo`],
    ...(describesApi ? [['API description', `${origin}/docs`]] : []),
    ...(app.get(DevMailbox).enabled ? [['Mail, not sent', `${origin}/dev/mail`]] : []),
    ...stores(app),
  ];
  const table = rows.map(([what = '', where]) => `  ${what.padEnd(15)}  ${where}\n`).join('');
  process.stdout.write(`
  Latchkey serves ${origin}
${table}
  A first account:
    curl -X POST ${origin}/auth/register -H 'Content-Type: application/json' \\
      -d '{"email":"ada@example.com","password":"correct horse battery staple"}'

`);
}

function originOf(app: NestFastifyApplication): string {
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  const host =
    address === '127.0.0.1' || address === '::' || address === '0.0.0.0' ? 'localhost' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What it runs on, where the data lie, and how psql gets in. */
function stores(app: NestFastifyApplication): string[][] {
  const redis = app.get(RedisConfig).url === undefined ? [['Redis', 'none (REDIS_URL)']] : [];
  if (app.get(DatabaseConfig).url !== undefined) return [['Postgres', 'DATABASE_URL'], ...redis];
  const { hostname, port, username, pathname } = new URL(app.get(DatabaseLocation).url);
  const home = join(DATA_DIRECTORY, 'postgres');
  return [
    ['Postgres', `embedded, on port ${port}; it ends with this process (DATABASE_URL: your own)`],
    ['Data', `${DATA_DIRECTORY}/: remove it to begin again`],
    [
      'psql',
      `PGPASSWORD=$(cat ${home}/password) psql -h ${hostname} -p ${port} -U ${username} ${pathname.slice(1)}`,
    ],
    ...redis,
  ];
}
