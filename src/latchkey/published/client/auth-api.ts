import { errorOfAnswer, noAnswer } from './answers.js';

const ANSWER_WITHIN_MILLISECONDS = 10_000;

/** The backend's own routes, with its refusals as errors. */
export class AuthApi {
  constructor(
    private readonly base: URL,
    private readonly credentials: 'include' | 'omit',
  ) {}

  /** @throws LatchkeyClientError whatever it is that went wrong */
  async post(path: string, body?: object, accessToken?: string): Promise<unknown> {
    const response = await this.send(path, body, accessToken);
    const answer = await bodyOf(response);
    if (!response.ok || answer === undefined) throw errorOfAnswer(response, answer);
    return answer;
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

/** Null for 204, which alone has none; undefined for one that is no JSON. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text().catch((cause) => {
    throw noAnswer(cause);
  });
  try {
    return response.status === 204 ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}
