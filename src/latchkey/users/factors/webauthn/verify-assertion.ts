import { readAuthenticatorData } from './authenticator-data.js';
import { type Expectations, judgeClientData } from './client-data.js';
import { hasSigned, readCoseKey } from './cose-key.js';
import { bytesOf, readCredential } from './credential-response.js';
import { requireThat } from './webauthn-refusal.js';

/** A passkey as it is kept. */
export interface KnownPasskey {
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly userHandle: Buffer;
  readonly backupEligible: boolean;
}

export interface Assertion {
  readonly userVerified: boolean;
  readonly backedUp: boolean;
  readonly counter: number;
}

/**
 * Judges the answer to a sign-in (WebAuthn Level 3 section 7.2). The counter is for the caller: a passkey on
 * several devices has none that always grows.
 *
 * @param passkey the one of the id that the answer has
 * @throws WebAuthnRefusal
 */
export function verifyAssertion(
  credential: Readonly<Record<string, unknown>>,
  passkey: KnownPasskey,
  expected: Expectations,
): Assertion {
  const { id, response } = readCredential(credential);
  requireThat(id.equals(passkey.credentialId), 'it is of another passkey');
  const { userHandle } = response;
  if (userHandle !== undefined && userHandle !== null) {
    const handle = bytesOf(response, 'userHandle');
    requireThat(handle.equals(passkey.userHandle), 'the passkey is of another account');
  }
  const clientData = bytesOf(response, 'clientDataJSON');
  const clientDataHash = judgeClientData(clientData, 'webauthn.get', expected);
  const authData = bytesOf(response, 'authenticatorData');
  const data = readAuthenticatorData(authData, expected);
  requireThat(
    data.backupEligible === passkey.backupEligible,
    'whether it can be backed up has changed',
  );
  const signed = Buffer.concat([authData, clientDataHash]);
  const isSigned = hasSigned(
    readCoseKey(passkey.publicKey),
    signed,
    bytesOf(response, 'signature'),
  );
  requireThat(isSigned, 'it is not signed by the passkey');
  const { userVerified, backedUp, counter } = data;
  return { userVerified, backedUp, counter };
}
