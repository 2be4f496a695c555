import { answerOf, noAnswer } from './answers.js';
import { LatchkeyClientError } from './latchkey-client-error.js';
import type { RefreshTokenStorage } from './refresh-token-storage.js';

const ANSWER_WITHIN_MILLISECONDS = 10_000;

/** The backend's own routes, with its refusals as errors. */
export class AuthApi {
  constructor(
    private readonly base: URL,
    private readonly credentials: 'include' | 'omit',
  ) {}

  /** @throws LatchkeyClientError whatever it is that went wrong */
  async post(path: string, body?: object, accessToken?: string): Promise<unknown> {
    return answerOf(await this.send(path, body, accessToken));
  }

  /**
   * @param storage where the refresh token is; null when the browser has it in its cookie
   * @throws LatchkeyClientError `auth.refresh_invalid` when the storage is empty; as the server says
   */
  async refresh(storage: RefreshTokenStorage | null): Promise<unknown> {
    if (storage === null) return this.post('auth/refresh');
    const refreshToken = await storage.get();
    if (refreshToken) return this.post('auth/refresh', { refreshToken });
    throw new LatchkeyClientError('auth.refresh_invalid', 'There is no session.', { status: 401 });
  }

  /** Follows no redirect: what it sends is for this server alone. */
  private async send(path: string, body?: object, accessToken?: string): Promise<Response> {
    try {
      return await fetch(new URL(path, this.base), {
        method: 'POST',
        redirect: 'error',
        credentials: this.credentials,
        headers: {
          ...(body && { 'Content-Type': 'application/json' }),
          ...(accessToken && { Authorization: `Bearer ${accessToken}` }),
        },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MILLISECONDS),
      });
    } catch (cause) {
      throw noAnswer(cause);
    }
  }
}
