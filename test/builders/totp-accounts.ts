import { stepAt, totpCode } from '../../src/latchkey/users/factors/totp.js';
import type { ApiClient } from '../support/api-client.js';
import type { Stores } from '../support/stores.js';
import type { TestApp } from '../support/test-app.js';
import { PASSWORD, type SignedIn, signUp } from './accounts.js';
import { mailProof } from './mail-proofs.js';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An account that is asked for a code of an app. */
export interface WithTotp extends SignedIn {
  readonly factorId: string;
  readonly recoveryCodes: readonly string[];
  /** What the app shows: now, or so many steps later. */
  code(later?: number): string;
}

/** Registers an account and adds an app to it. */
export async function signUpWithTotp(app: Pick<TestApp, 'api' | 'stores'>): Promise<WithTotp> {
  const user = await signUp(app);
  return addTotp(app, user);
}

export async function addTotp(
  { api, stores }: Pick<TestApp, 'api' | 'stores'>,
  user: SignedIn,
): Promise<WithTotp> {
  const { accessToken: token } = user;
  const begun = await api.post('/auth/factors/totp', undefined, { token });
  if (begun.status !== 201) throw new Error(`An app was refused: ${begun.text}`);
  const { id, secret } = begun.body;
  const code = (later = 0) => codeOf(secret, later);
  const path = `/auth/factors/totp/${id}/confirm`;
  const proof = await mailProof({ api }, user);
  const confirmed = await api.post(path, { code: code(), ...proof }, { token });
  if (confirmed.status !== 200) throw new Error(`A code was refused: ${confirmed.text}`);
  await forgetStep(stores, user.userId);
  return { ...user, factorId: id, recoveryCodes: confirmed.body.recoveryCodes ?? [], code };
}

/** What an app shows to which this secret was typed. */
export function codeOf(secret: string, later = 0): string {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const seed = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  return totpCode(seed, stepAt(Date.now()) + later);
}

/** As if the last code had been shown long ago: a test does not wait for the next one. */
export async function forgetStep(stores: Stores, userId: string): Promise<void> {
  await stores.query(`UPDATE factors SET last_step = 0 WHERE user_id = $1 AND kind = 'totp'`, [
    userId,
  ]);
}

/** The challenge that a right password is answered with. */
export async function challengeOf(api: ApiClient, email: string): Promise<string> {
  const answer = await api.post('/auth/login', { email, password: PASSWORD, delivery: 'body' });
  if (answer.body?.code !== 'auth.second_factor_required') {
    throw new Error(`Signing in answered ${answer.status}: ${answer.text}`);
  }
  return answer.body.challenge;
}

export function showSecondFactor(
  api: ApiClient,
  challenge: string,
  shown: { readonly method: string; readonly code?: string; readonly credential?: object },
) {
  return api.post('/auth/login/second-factor', { challenge, ...shown, delivery: 'body' });
}

/** Signs in by the password and a code of the app. */
export async function signInWithTotp(
  { api, stores }: Pick<TestApp, 'api' | 'stores'>,
  user: WithTotp,
): Promise<SignedIn> {
  const challenge = await challengeOf(api, user.email);
  await forgetStep(stores, user.userId);
  const shown = { method: 'totp', code: user.code() };
  const { status, body, text } = await showSecondFactor(api, challenge, shown);
  if (status !== 200) throw new Error(`A code was refused: ${text}`);
  const { sessionId, accessToken, refreshToken } = body;
  return { userId: user.userId, email: user.email, sessionId, accessToken, refreshToken };
}
