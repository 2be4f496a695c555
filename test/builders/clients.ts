import type { Answer, ApiClient } from '../support/api-client.js';
import type { SignedIn } from './accounts.js';

/** A service with a secret of its own. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** A new client that holds exactly the given roles. */
export async function createClient(
  api: ApiClient,
  admin: SignedIn,
  roles: readonly string[] = [],
): Promise<Client> {
  const body = { name: 'billing', roles };
  const answer = await api.post('/admin/clients', body, { token: admin.accessToken });
  if (answer.status !== 201) throw new Error(`Making a client answered ${answer.status}.`);
  return { id: answer.body.id, secret: answer.body.secret };
}

/** `Authorization` as OAuth has it: both halves are encoded as in a form (RFC 6749 section 2.3.1). */
export function basicOf({ id, secret }: Client): Record<string, string> {
  const encoded = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  return { Authorization: `Basic ${Buffer.from(encoded).toString('base64')}` };
}

/** Sends a form; `client` shows its secret by HTTP Basic. */
export function postForm(
  api: ApiClient,
  path: string,
  form: Record<string, string> | [string, string][] | string,
  client?: Client,
  headers: Record<string, string> = {},
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for each test to expect
): Promise<Answer<any>> {
  return api.post(path, new URLSearchParams(form).toString(), {
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(client && basicOf(client)),
      ...headers,
    },
  });
}

/** An access token of the client's own. */
export async function clientToken(api: ApiClient, client: Client): Promise<string> {
  const answer = await postForm(api, '/oauth/token', { grant_type: 'client_credentials' }, client);
  if (answer.status !== 200) throw new Error(`Asking for a token answered ${answer.status}.`);
  return answer.body.access_token;
}
