import { AccessConfig } from '../../../access/access.config.js';
import { AppSecrets } from '../../../platform/config/app-secrets.js';
import { RowCipher } from '../../../platform/config/row-cipher.js';
import { SecretsConfig } from '../../../platform/config/secrets.config.js';
import { KeysConfig } from '../../../tokens/keys/keys.config.js';
import { SigningKeyCipher } from '../../../tokens/keys/store/signing-key-cipher.js';
import { SigningKeyStore } from '../../../tokens/keys/store/signing-key-store.js';
import { RevocationConfig } from '../../../tokens/revocation/revocation.config.js';
import type { Check } from '../check.js';
import { notice, ok, wrong } from '../finding.js';

const DAY_SECONDS = 86_400;
/** Instances look once a minute: what is late by a day is looked after by nobody. */
const LATE_DAYS = 1;
const OLD_DAYS = 365;

/** Whether the keys that sign open, and are changed as often as they are to be. */
export const keysCheck: Check = {
  part: 'keys',
  needs: 'database',
  async *examine({ database, config }) {
    if (database === undefined) return;
    const secrets = new AppSecrets(config.get(SecretsConfig));
    const revocation = config.get(RevocationConfig);
    const store = new SigningKeyStore(new SigningKeyCipher(secrets), revocation);
    const keys = await store.findInUse(database.manager);
    const cipher = new RowCipher(secrets, 'signing-keys');
    const closed = keys.filter(
      ({ kid, encryptedPrivateKey: bytes }) =>
        bytes !== null && cipher.decrypt(kid, bytes) === null,
    );
    for (const { kid, status } of closed) {
      yield wrong(
        `No secret of APP_SECRETS opens the key ${kid} (${status}): nothing starts with it.`,
        'Add the former secret back at the end of APP_SECRETS (docs/keys.md).',
      );
    }
    const current = keys.find(({ status }) => status === 'current');
    if (current === undefined) {
      yield notice('There is no signing key yet: the first start makes one.');
      return;
    }
    const days = Math.floor(current.statusAgeSeconds / DAY_SECONDS);
    const { rotationDays } = config.get(KeysConfig);
    if (rotationDays > 0 && days >= rotationDays + LATE_DAYS) {
      yield wrong(
        `The key ${current.kid} has signed for ${days} days, and SIGNING_KEY_ROTATION_DAYS is ${rotationDays}: no instance that serves looks after it.`,
        'Start one, and look into its log; or run "keys rotate".',
      );
    } else if (rotationDays === 0 && days >= OLD_DAYS) {
      yield notice(`The key ${current.kid} has signed for ${days} days.`, 'Run "keys rotate".');
    } else if (closed.length === 0) {
      yield ok(`The key that signs has done so for ${days} days.`);
    }
    const { algorithm } = config.get(AccessConfig);
    if (current.algorithm !== algorithm) {
      yield notice(
        `${current.algorithm} signs, and JWT_ALGORITHM is ${algorithm}.`,
        'Instances that serve change it by themselves, within the hour (docs/keys.md).',
      );
    }
  },
};
