import { type AuthenticatorData, readAuthenticatorData } from './authenticator-data.js';
import { type CborValue, readCbor } from './cbor.js';
import { type Expectations, judgeClientData } from './client-data.js';
import { hasSigned, readCoseKey } from './cose-key.js';
import { bytesOf, readCredential } from './credential-response.js';
import { requireThat } from './webauthn-refusal.js';

/** What is kept of a passkey. */
export interface NewPasskey {
  readonly credentialId: Buffer;
  /** COSE. */
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly transports: readonly string[];
}

const TRANSPORT = /^[a-z-]{1,32}$/;
const MAX_TRANSPORTS = 8;

/**
 * Judges the answer to a registration (WebAuthn Level 3 section 7.1). No attestation is asked for; one of an
 * authenticator by the key itself, which browsers pass on, is checked, and any other is refused. Whether
 * the credential belongs to an account already (step 26) is for the caller.
 *
 * @throws WebAuthnRefusal
 */
export function verifyRegistration(
  credential: Readonly<Record<string, unknown>>,
  expected: Expectations,
): NewPasskey {
  const { id, response } = readCredential(credential);
  const clientDataHash = judgeClientData(
    bytesOf(response, 'clientDataJSON'),
    'webauthn.create',
    expected,
  );
  const attestation = bytesOf(response, 'attestationObject');
  const { value: object, end } = readCbor(attestation);
  requireThat(
    object instanceof Map && end === attestation.length,
    'the attestation is not in its form',
  );
  const authData = object.get('authData');
  requireThat(Buffer.isBuffer(authData), 'the attestation has no authenticator data');
  const data = readAuthenticatorData(authData, expected);
  requireThat(data.credential !== null, 'there is no credential in it');
  const { credentialId, publicKey } = data.credential;
  requireThat(credentialId.equals(id), 'the credential has another id than it says');
  readCoseKey(publicKey);
  requireAttestation(object, data, Buffer.concat([authData, clientDataHash]));
  const { counter, userVerified, backupEligible, backedUp } = data;
  const flags = { userVerified, backupEligible, backedUp };
  return { credentialId, publicKey, counter, ...flags, transports: transportsOf(response) };
}

function requireAttestation(
  object: Map<number | string, CborValue>,
  { credential }: AuthenticatorData,
  signed: Buffer,
): void {
  const statement = object.get('attStmt');
  requireThat(statement instanceof Map, 'the attestation has no statement');
  if (object.get('fmt') === 'none') {
    requireThat(statement.size === 0, 'an attestation of nothing states something');
    return;
  }
  const isSelf = object.get('fmt') === 'packed' && !statement.has('x5c');
  requireThat(isSelf && credential !== null, 'the attestation is of a kind that was not asked for');
  const key = readCoseKey(credential.publicKey);
  const signature = statement.get('sig');
  requireThat(statement.get('alg') === key.algorithm, 'the attestation is of another algorithm');
  requireThat(
    Buffer.isBuffer(signature) && hasSigned(key, signed, signature),
    'the attestation is not signed by the key',
  );
}

/** How the authenticator is reached: a hint for browsers, as they gave it (section 7.1, step 27). */
function transportsOf({ transports }: Readonly<Record<string, unknown>>): string[] {
  if (!Array.isArray(transports)) return [];
  const known = transports.filter((name) => typeof name === 'string' && TRANSPORT.test(name));
  return [...new Set(known as string[])].slice(0, MAX_TRANSPORTS);
}
