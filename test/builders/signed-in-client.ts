import {
  type Client,
  type ClientOptions,
  createClient,
} from '../../src/latchkey/published/client/index.js';
import type { TestApp } from '../support/test-app.js';
import { grantRoles, PASSWORD, type SignedIn, uniqueEmail } from './accounts.js';

/** A client of a new account, signed in, with what it has heard of changes. */
export interface SignedInClient {
  readonly client: Client;
  readonly email: string;
  /** The session that it was told of each time, null for its end. */
  readonly heard: (string | null)[];
}

/** Signs a new account in, as a program in Node does. */
export async function signUpClient(
  app: Pick<TestApp, 'origin'>,
  options: Partial<ClientOptions> = {},
): Promise<SignedInClient> {
  const email = uniqueEmail();
  const client = createClient({ baseUrl: app.origin, delivery: 'body', ...options });
  await client.register(email, PASSWORD);
  await client.login(email, PASSWORD);
  const heard: (string | null)[] = [];
  client.onChange((principal) => heard.push(principal?.sessionId ?? null));
  return { client, email, heard };
}

/** Changes what the client's user may do, so that its access token is refused as stale. */
export async function makeStale(app: TestApp, admin: SignedIn, { principal }: Client) {
  if (principal === null) throw new Error('The client is not signed in.');
  const next = principal.roles.includes('admin') ? 'user' : 'admin';
  await grantRoles(app, admin, principal.userId, [next]);
}
