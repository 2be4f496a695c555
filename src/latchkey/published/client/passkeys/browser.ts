import { LatchkeyClientError } from '../latchkey-client-error.js';

type Json = Readonly<Record<string, unknown>>;
type Bytes = ArrayBuffer | Uint8Array;

/** What of `PublicKeyCredential` is a method of the class: newer browsers have more of them. */
interface Capabilities {
  isConditionalMediationAvailable?(): Promise<boolean>;
  getClientCapabilities?(): Promise<Readonly<Record<string, boolean>>>;
  parseCreationOptionsFromJSON?(publicKey: Json): object;
  parseRequestOptionsFromJSON?(publicKey: Json): object;
  signalUnknownCredential?(about: object): Promise<void>;
  signalAllAcceptedCredentials?(about: object): Promise<void>;
  signalCurrentUserDetails?(about: object): Promise<void>;
}

interface Credential {
  readonly id: string;
  readonly type: string;
  readonly authenticatorAttachment?: string | null;
  readonly response: Readonly<Record<string, Bytes | null>> & { getTransports?(): string[] };
  getClientExtensionResults(): object;
  toJSON?(): Json;
}

export interface CredentialRequest {
  readonly signal?: AbortSignal;
  readonly mediation?: 'conditional';
}

interface Container {
  create(options: CredentialRequest & { publicKey: object }): Promise<Credential>;
  get(options: CredentialRequest & { publicKey: object }): Promise<Credential>;
}

interface Browser {
  readonly PublicKeyCredential?: Capabilities;
  readonly navigator?: { readonly credentials?: Container };
}

const browser = globalThis as unknown as Browser;

/** Undefined where there are no passkeys: in Node, in old browsers, and on pages that are not secure. */
export function capabilities(): Capabilities | undefined {
  return browser.navigator?.credentials && browser.PublicKeyCredential;
}

/** Whether it makes passkeys unasked, where its user has signed in by a password that it has kept. */
export async function canUpgrade(): Promise<boolean> {
  return (await capabilities()?.getClientCapabilities?.())?.conditionalCreate ?? false;
}

/** @throws LatchkeyClientError as `askBrowser` does */
export function makeCredential(publicKey: Json, request: CredentialRequest): Promise<Json> {
  const options = capabilities()?.parseCreationOptionsFromJSON?.(publicKey) ?? parsed(publicKey);
  return askBrowser((credentials) => credentials.create({ ...request, publicKey: options }));
}

/** @throws LatchkeyClientError as `askBrowser` does */
export function getCredential(publicKey: Json, request: CredentialRequest): Promise<Json> {
  const options = capabilities()?.parseRequestOptionsFromJSON?.(publicKey) ?? parsed(publicKey);
  return askBrowser((credentials) => credentials.get({ ...request, publicKey: options }));
}

/**
 * @throws LatchkeyClientError `client.passkey_exists` where the authenticator has one of this account,
 *   `client.no_passkey` when none was shown or made: people cancel, and browsers do not say why
 */
async function askBrowser(ask: (credentials: Container) => Promise<Credential>): Promise<Json> {
  try {
    const credentials = capabilities() && browser.navigator?.credentials;
    if (!credentials) throw new TypeError('This browser has no passkeys.');
    const credential = await ask(credentials);
    return credential.toJSON?.() ?? written(credential);
  } catch (cause) {
    const isThere = Object(cause).name === 'InvalidStateError';
    throw isThere
      ? new LatchkeyClientError('client.passkey_exists', 'There is one already.', { cause })
      : new LatchkeyClientError('client.no_passkey', 'The browser has given none.', { cause });
  }
}

/** As `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` do (WebAuthn Level 3, 5.1.8 and 5.1.9). */
function parsed(publicKey: Json): object {
  const { challenge, user, excludeCredentials, allowCredentials } = publicKey;
  const withId = (about: Json) => ({ ...about, id: bytesOf(about.id) });
  const all = (list: unknown) => (list as Json[] | undefined)?.map(withId);
  return {
    ...publicKey,
    challenge: bytesOf(challenge),
    user: user && withId(user as Json),
    excludeCredentials: all(excludeCredentials),
    allowCredentials: all(allowCredentials),
  };
}

const BYTES = [
  'clientDataJSON',
  'attestationObject',
  'authenticatorData',
  'signature',
  'userHandle',
] as const;

/** As `toJSON` does (WebAuthn Level 3, 5.1), as far as Latchkey reads it. */
function written(credential: Credential): Json {
  const { id, type, authenticatorAttachment, response } = credential;
  const present = BYTES.filter((name) => response[name]);
  return {
    id,
    rawId: id,
    type,
    authenticatorAttachment: authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(present.map((name) => [name, textOf(response[name] as Bytes)])),
      transports: response.getTransports?.(),
    },
  };
}

function bytesOf(text: unknown): Uint8Array {
  const bytes = atob(String(text).replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}

function textOf(bytes: Bytes): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
