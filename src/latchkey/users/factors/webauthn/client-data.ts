import { createHash } from 'node:crypto';
import { requireThat, WebAuthnRefusal } from './webauthn-refusal.js';

/** What a site expects of every ceremony. */
export interface Expectations {
  readonly rpId: string;
  readonly origins: readonly string[];
  /** The text that was given to the browser as challenge, in UTF-8. */
  readonly challenge: string;
  readonly requireUserVerification: boolean;
  /** Of a registration that asks nobody (WebAuthn Level 3 section 7.1, step 15). */
  readonly mayBeAbsent?: boolean;
}

export type CeremonyType = 'webauthn.create' | 'webauthn.get';

/** What the browser says of the ceremony (WebAuthn Level 3 section 5.8.1). */
interface ClientData {
  readonly type?: unknown;
  readonly challenge?: unknown;
  readonly origin?: unknown;
  readonly crossOrigin?: unknown;
  readonly topOrigin?: unknown;
}

/**
 * Judges it (sections 7.1 and 7.2): the type, the challenge, the origin, and that no page of another site had it
 * in a frame.
 *
 * @returns its SHA-256, which the authenticator signs
 * @throws WebAuthnRefusal
 */
export function judgeClientData(
  bytes: Buffer,
  type: CeremonyType,
  { origins, challenge }: Expectations,
): Buffer {
  const data = parseClientData(bytes);
  requireThat(data.type === type, 'it is of another ceremony');
  const expected = Buffer.from(challenge).toString('base64url');
  requireThat(data.challenge === expected, 'it is for another challenge');
  requireThat(
    typeof data.origin === 'string' && origins.includes(data.origin),
    'it comes from a page of another origin',
  );
  requireThat(
    data.crossOrigin === undefined || data.crossOrigin === false,
    'it comes from a frame in a page of another origin',
  );
  requireThat(data.topOrigin === undefined, 'it comes from a frame in a page of another origin');
  return createHash('sha256').update(bytes).digest();
}

/** The challenge that a response says it is for; null when it says none. Nothing is verified yet. */
export function challengeOf(clientDataJson: Buffer): string | null {
  try {
    const { challenge } = parseClientData(clientDataJson);
    return typeof challenge === 'string' ? Buffer.from(challenge, 'base64url').toString() : null;
  } catch {
    return null;
  }
}

function parseClientData(bytes: Buffer): ClientData {
  try {
    const data: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    requireThat(typeof data === 'object' && data !== null, 'the client data is no object');
    return data;
  } catch (error) {
    if (error instanceof WebAuthnRefusal) throw error;
    throw new WebAuthnRefusal('the client data is no JSON');
  }
}
