import type { ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/test-app.js';
import { type SignedIn, signUp } from './accounts.js';
import { type Forgery, SoftAuthenticator } from './authenticator.js';
import { mailProof } from './mail-proofs.js';

const RP_ID = 'latchkey.test';
const ORIGIN = 'http://latchkey.test';

/** An account with a passkey, and the authenticator that has it. */
export interface WithPasskey extends SignedIn {
  readonly device: SoftAuthenticator;
  readonly factorId: string;
}

export async function signUpWithPasskey(app: Pick<TestApp, 'api'>): Promise<WithPasskey> {
  return addPasskey(app, await signUp(app));
}

/** Adds one in a session that is fresh, and by two factors where the account has one. */
export async function addPasskey(
  { api }: Pick<TestApp, 'api'>,
  user: SignedIn,
): Promise<WithPasskey> {
  const { accessToken: token } = user;
  const device = new SoftAuthenticator(RP_ID, ORIGIN);
  const begun = await api.post('/auth/passkeys/options', undefined, { token });
  const { challenge, publicKey } = begun.body;
  const credential = device.create(publicKey);
  const body = { challenge, credential, ...(await mailProof({ api }, user)) };
  const added = await api.post('/auth/passkeys', body, { token });
  if (added.status !== 201) throw new Error(`A passkey was refused: ${added.text}`);
  return { ...user, device, factorId: added.body.id };
}

/** What a device answers to a new challenge. */
export async function passkeyAnswer(api: ApiClient, device: SoftAuthenticator, forgery?: Forgery) {
  const { challenge, publicKey } = (await api.post('/auth/passkeys/sign-in/options')).body;
  return { challenge, credential: device.get(publicKey, forgery) };
}

/** Signs in by the passkey alone, or tries to. */
export async function tryPasskey(api: ApiClient, device: SoftAuthenticator, forgery?: Forgery) {
  const answer = await passkeyAnswer(api, device, forgery);
  return api.post('/auth/passkeys/sign-in', { ...answer, delivery: 'body' });
}

export async function signInByPasskey(api: ApiClient, user: WithPasskey): Promise<SignedIn> {
  const { status, body, text } = await tryPasskey(api, user.device);
  if (status !== 200) throw new Error(`A passkey was refused: ${text}`);
  const { sessionId, accessToken, refreshToken } = body;
  return { userId: user.userId, email: user.email, sessionId, accessToken, refreshToken };
}
