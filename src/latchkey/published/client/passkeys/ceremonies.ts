import type { Client } from '../create-client.js';
import { type CredentialRequest, getCredential, makeCredential } from './browser.js';

/** What a ceremony needs of a client. */
export type Signing = Pick<Client, 'call' | 'signIn'>;

/** What the server begins a ceremony with. */
interface Ceremony {
  readonly challenge: string;
  readonly publicKey: Readonly<Record<string, unknown>>;
}

/** What the browser answers, as routes take it. */
export interface CeremonyAnswer {
  readonly challenge: string;
  readonly credential: Readonly<Record<string, unknown>>;
}

/** The same, with the domain that the passkey belongs to. */
export interface RunCeremony extends CeremonyAnswer {
  readonly rpId: string;
}

const OPTIONS = { show: 'auth/passkeys/sign-in/options', make: 'auth/passkeys/options' } as const;

export function begin(
  client: Signing,
  what: keyof typeof OPTIONS,
  body?: object,
): Promise<Ceremony> {
  return client.call('POST', OPTIONS[what], body) as Promise<Ceremony>;
}

/** How long its challenge is good. */
export function millisecondsOf({ publicKey }: Ceremony): number {
  return Number(publicKey.timeout);
}

/** @throws LatchkeyClientError `client.no_passkey` */
export async function show(
  { challenge, publicKey }: Ceremony,
  request: CredentialRequest,
): Promise<RunCeremony> {
  const credential = await getCredential(publicKey, request);
  return { challenge, credential, rpId: String(publicKey.rpId) };
}

/** @throws LatchkeyClientError `client.no_passkey`, `client.passkey_exists` */
export async function make(
  { challenge, publicKey }: Ceremony,
  request: CredentialRequest,
): Promise<RunCeremony> {
  const credential = await makeCredential(publicKey, request);
  return { challenge, credential, rpId: String(Object(publicKey.rp).id) };
}
