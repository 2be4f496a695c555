import type { Check } from './check.js';
import { accountsCheck } from './checks/accounts.check.js';
import { clocksCheck } from './checks/clocks.check.js';
import { databaseCheck } from './checks/database.check.js';
import { keysCheck } from './checks/keys.check.js';
import { mailCheck } from './checks/mail.check.js';
import { migrationsCheck } from './checks/migrations.check.js';
import { outboxCheck } from './checks/outbox.check.js';
import { providersCheck } from './checks/providers.check.js';
import { proxiesCheck } from './checks/proxies.check.js';
import { publicAddressCheck } from './checks/public-address.check.js';
import { redisCheck } from './checks/redis.check.js';
import { secretsCheck } from './checks/secrets.check.js';
import { settingsCheck } from './checks/settings.check.js';

/** In the order in which they are made: what others rest on comes first. */
export const CHECKS: readonly Check[] = [
  settingsCheck,
  secretsCheck,
  proxiesCheck,
  databaseCheck,
  migrationsCheck,
  redisCheck,
  clocksCheck,
  keysCheck,
  mailCheck,
  outboxCheck,
  accountsCheck,
  providersCheck,
  publicAddressCheck,
];
