import { createPrivateKey } from 'node:crypto';
import { AppSecrets } from '../../src/latchkey/platform/config/app-secrets.js';
import { SecretsConfig } from '../../src/latchkey/platform/config/secrets.config.js';
import { KeyRotationSchedule } from '../../src/latchkey/tokens/keys/rotation/key-rotation-schedule.js';
import { SigningKeyCipher } from '../../src/latchkey/tokens/keys/store/signing-key-cipher.js';
import {
  generateSigningKey,
  type SigningKeyMaterial,
} from '../../src/latchkey/tokens/keys/store/signing-key-material.js';
import type { ApiClient } from '../support/api-client.js';
import type { Stores } from '../support/stores.js';
import type { TestApp } from '../support/test-app.js';
import type { SignedIn } from './accounts.js';

export interface ListedKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly status: string;
}

/** The keys as an admin sees them, the newest first. */
export async function listKeys(api: ApiClient, admin: SignedIn): Promise<ListedKey[]> {
  const answer = await api.get('/admin/keys?limit=100', { token: admin.accessToken });
  if (answer.status !== 200) throw new Error(`Listing the keys answered ${answer.status}.`);
  return answer.body.items;
}

export async function publishedKids(api: ApiClient): Promise<string[]> {
  const { body } = await api.get('/.well-known/jwks.json');
  return body.keys.map(({ kid }: { kid: string }) => kid).sort();
}

/** The private numbers of all keys that are kept, as only the server's secret opens them. */
export async function privateNumbers(stores: Stores, appSecret: string): Promise<Buffer[]> {
  const config = Object.assign(new SecretsConfig(), { appSecrets: [appSecret] });
  const cipher = new SigningKeyCipher(new AppSecrets(config));
  const rows = await stores.query<{ kid: string; encrypted: Buffer }>(
    `SELECT kid, encrypted_private_key AS encrypted FROM signing_keys
     WHERE encrypted_private_key IS NOT NULL`,
  );
  return rows.map(({ kid, encrypted }) => {
    const key = cipher.decrypt(kid, encrypted).bytes;
    const { d = '' } = createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({
      format: 'jwk',
    });
    return Buffer.from(d, 'base64url');
  });
}

/** A key that verifies, and that no instance has been told of. */
export async function addKeyUnheard(stores: Stores, kid?: string): Promise<SigningKeyMaterial> {
  const generated = await generateSigningKey('ES256');
  const key = { ...generated, kid: kid ?? generated.kid };
  await stores.query(
    `INSERT INTO signing_keys (kid, algorithm, status, public_jwk)
     VALUES ($1, $2, 'retired', $3)`,
    [key.kid, key.algorithm, key.publicJwk],
  );
  return key;
}

/** As if what happened to the keys so far had happened so much earlier. */
export async function ageKeys(stores: Stores, seconds: number): Promise<void> {
  await stores.query(
    `UPDATE signing_keys SET created_at = created_at - make_interval(secs => $1),
       status_changed_at = status_changed_at - make_interval(secs => $1)`,
    [seconds],
  );
}

/** As the application does every minute. */
export function lookAfterKeys(app: TestApp): Promise<void> {
  return app.nest.get(KeyRotationSchedule, { strict: false }).runOnce();
}
