import { requireThat } from './webauthn-refusal.js';

type Json = Readonly<Record<string, unknown>>;
const BASE64URL = /^[A-Za-z0-9_-]*$/;
/** More than any authenticator of an algorithm that is offered answers. */
const MAX_LENGTH = 16_384;

/** What a browser answers, as `PublicKeyCredential.toJSON` writes it (WebAuthn Level 3 section 5.1). */
export interface CredentialResponse {
  readonly id: Buffer;
  readonly response: Json;
}

/** @throws WebAuthnRefusal for what is not in that form */
export function readCredential(credential: Json): CredentialResponse {
  const { id, rawId, type, response } = credential;
  requireThat(type === 'public-key', 'it is no credential of WebAuthn');
  requireThat(rawId === undefined || rawId === id, 'the two ids of the credential differ');
  requireThat(typeof response === 'object' && response !== null, 'there is no response in it');
  return { id: bytesOf(credential, 'id'), response: response as Json };
}

/** @throws WebAuthnRefusal unless the member is bytes in base64url, in the one way that they can be written */
export function bytesOf(json: Json, member: string): Buffer {
  const text = json[member];
  requireThat(
    typeof text === 'string' && text.length <= MAX_LENGTH && BASE64URL.test(text),
    `${member} is not in base64url`,
  );
  const bytes = Buffer.from(text, 'base64url');
  requireThat(bytes.toString('base64url') === text, `${member} is not in base64url`);
  return bytes;
}
