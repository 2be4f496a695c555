import {
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Algorithm } from 'jsonwebtoken';

/**
 * How the tutorial app holds its key: as text, which `jsonwebtoken` parses on every call, or
 * mended, as a KeyObject. `secret` is one shared secret (HS256), `pem` a key pair (ES256).
 */
export const TUTORIAL_KEYS = ['secret', 'secret-mended', 'pem', 'pem-mended'] as const;
export type TutorialKeyKind = (typeof TUTORIAL_KEYS)[number];

export class TutorialKeys {
  constructor(
    readonly algorithm: Algorithm,
    readonly signing: string | KeyObject,
    readonly verifying: string | KeyObject,
  ) {}

  static of(kind: TutorialKeyKind): TutorialKeys {
    if (kind.startsWith('secret')) {
      const secret = randomBytes(48).toString('base64');
      const key = kind === 'secret' ? secret : createSecretKey(Buffer.from(secret));
      return new TutorialKeys('HS256', key, key);
    }
    const { privateKey, publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const verifying = kind === 'pem' ? publicKey : createPublicKey(publicKey);
    return new TutorialKeys('ES256', privateKey, verifying);
  }
}
