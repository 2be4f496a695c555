import { AccessConfig } from '../../../access/access.config.js';
import { AppSecrets } from '../../../platform/config/app-secrets.js';
import { RowCipher } from '../../../platform/config/row-cipher.js';
import { SecretsConfig } from '../../../platform/config/secrets.config.js';
import { KeysConfig } from '../../../tokens/keys/keys.config.js';
import { SigningKeyCipher } from '../../../tokens/keys/store/signing-key-cipher.js';
import { SigningKeyStore, type StoredKey } from '../../../tokens/keys/store/signing-key-store.js';
import { RevocationConfig } from '../../../tokens/revocation/revocation.config.js';
import type { Check } from '../check.js';
import { type Finding, notice, ok, wrong } from '../finding.js';

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
    const current = keys.filter(({ status }) => status === 'current');
    const access = current.find(({ purpose }) => purpose === 'access');
    if (access === undefined) {
      yield notice('There is no signing key yet: the first start makes one.');
      return;
    }
    const { rotationDays } = config.get(KeysConfig);
    const old = current.flatMap((key) => ageFinding(key, rotationDays) ?? []);
    yield* old;
    if (old.length === 0 && closed.length === 0) {
      yield ok(`The key that signs has done so for ${daysOf(access)} days.`);
    }
    const { algorithm } = config.get(AccessConfig);
    if (access.algorithm !== algorithm) {
      yield notice(
        `${access.algorithm} signs, and JWT_ALGORITHM is ${algorithm}.`,
        'Instances that serve change it by themselves, within the hour (docs/keys.md).',
      );
    }
  },
};

function ageFinding(key: StoredKey, rotationDays: number): Finding | null {
  const days = daysOf(key);
  if (rotationDays > 0 && days >= rotationDays + LATE_DAYS) {
    return wrong(
      `The key ${key.kid} has signed for ${days} days, and SIGNING_KEY_ROTATION_DAYS is ${rotationDays}: no instance that serves looks after it.`,
      'Start one, and look into its log; or run "keys rotate".',
    );
  }
  return rotationDays === 0 && days >= OLD_DAYS
    ? notice(`The key ${key.kid} has signed for ${days} days.`, 'Run "keys rotate".')
    : null;
}

function daysOf({ statusAgeSeconds }: StoredKey): number {
  return Math.floor(statusAgeSeconds / DAY_SECONDS);
}
