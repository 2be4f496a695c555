import { createHash } from 'node:crypto';
import { readCbor } from './cbor.js';
import type { Expectations } from './client-data.js';
import { requireThat } from './webauthn-refusal.js';

const RP_ID_HASH_BYTES = 32;
const FLAGS_AT = 32;
const COUNTER_AT = 33;
const HEADER_BYTES = 37;
const AAGUID_BYTES = 16;
const MAX_CREDENTIAL_ID_BYTES = 1_023;
const FLAGS = {
  userPresent: 0x01,
  userVerified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
  extensions: 0x80,
} as const;

export interface AttestedCredential {
  readonly aaguid: Buffer;
  readonly credentialId: Buffer;
  /** COSE. */
  readonly publicKey: Buffer;
}

/** What an authenticator says and signs (WebAuthn Level 3 section 6.1). */
export interface AuthenticatorData {
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly counter: number;
  readonly credential: AttestedCredential | null;
}

type ExpectedData = Pick<Expectations, 'rpId' | 'requireUserVerification' | 'mayBeAbsent'>;

/**
 * Reads it, and judges what is judged alike at registration and at sign-in (sections 7.1 and 7.2): whose
 * site it was made for, that somebody was there, that it was verified who where that is demanded, and that the
 * flags of backups agree (section 6.1.3).
 *
 * @throws WebAuthnRefusal
 */
export function readAuthenticatorData(
  bytes: Buffer,
  { rpId, requireUserVerification, mayBeAbsent = false }: ExpectedData,
): AuthenticatorData {
  requireThat(bytes.length >= HEADER_BYTES, 'the authenticator data is too short');
  const rpIdHash = createHash('sha256').update(rpId).digest();
  requireThat(bytes.subarray(0, RP_ID_HASH_BYTES).equals(rpIdHash), 'it is for another site');
  const flags = bytes.readUInt8(FLAGS_AT);
  const has = (flag: keyof typeof FLAGS) => (flags & FLAGS[flag]) !== 0;
  requireThat(mayBeAbsent || has('userPresent'), 'nobody was there');
  requireThat(!requireUserVerification || has('userVerified'), 'the user was not verified');
  requireThat(has('backupEligible') || !has('backedUp'), 'it is backed up, and cannot be');

  let position = HEADER_BYTES;
  let credential: AttestedCredential | null = null;
  if (has('attested')) {
    const read = readCredential(bytes, position);
    ({ credential } = read);
    position = read.end;
  }
  if (has('extensions')) {
    const { value, end } = readCbor(bytes, position);
    requireThat(value instanceof Map, 'the extensions are not in their form');
    position = end;
  }
  requireThat(position === bytes.length, 'the authenticator data has something after its end');
  return {
    userVerified: has('userVerified'),
    backupEligible: has('backupEligible'),
    backedUp: has('backedUp'),
    counter: bytes.readUInt32BE(COUNTER_AT),
    credential,
  };
}

function readCredential(
  bytes: Buffer,
  start: number,
): { credential: AttestedCredential; end: number } {
  const idAt = start + AAGUID_BYTES + 2;
  requireThat(bytes.length >= idAt, 'the credential is cut off');
  const idLength = bytes.readUInt16BE(start + AAGUID_BYTES);
  requireThat(
    idLength > 0 && idLength <= MAX_CREDENTIAL_ID_BYTES,
    'the id of the credential has not its length',
  );
  const keyAt = idAt + idLength;
  requireThat(bytes.length > keyAt, 'the credential is cut off');
  const { end } = readCbor(bytes, keyAt);
  const credential = {
    aaguid: bytes.subarray(start, start + AAGUID_BYTES),
    credentialId: bytes.subarray(idAt, keyAt),
    publicKey: bytes.subarray(keyAt, end),
  };
  return { credential, end };
}
