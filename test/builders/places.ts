import type { ApiClient } from '../support/api-client.js';
import { PASSWORD, type SignedIn } from './accounts.js';

/** Where a client is and what it says it is. */
export interface Place {
  /** Believed only with `TRUST_LOOPBACK`. */
  readonly ip?: string;
  readonly userAgent?: string;
}

/** The environment in which tests may say where they come from. */
export const TRUST_LOOPBACK = { TRUSTED_PROXIES: '127.0.0.1' };

export function headersOf({ ip, userAgent }: Place): Record<string, string> {
  return {
    ...(ip !== undefined && { 'X-Forwarded-For': ip }),
    ...(userAgent !== undefined && { 'User-Agent': userAgent }),
  };
}

/** One more session of an account, from somewhere. */
export async function signInFrom(api: ApiClient, email: string, place: Place): Promise<SignedIn> {
  const { status, body } = await api.post(
    '/auth/login',
    { email, password: PASSWORD, delivery: 'body' },
    { headers: headersOf(place) },
  );
  if (status !== 200) throw new Error(`Signing in answered ${status}: ${body?.code}`);
  const { user, sessionId, accessToken, refreshToken } = body;
  return { userId: user.id, email, sessionId, accessToken, refreshToken };
}
