import { createAccessTokenVerifier } from '../../src/latchkey/published/access/create-access-token-verifier.js';
import type { ApiClient } from '../support/api-client.js';
import { ISSUER, type TestApp } from '../support/test-app.js';
import type { SignedIn } from './accounts.js';

/** A service that tokens can be asked for. */
export interface Registered {
  readonly id: string;
  readonly identifier: string;
}

let number = 0;

/** A new resource with two scopes of its own: `<name>:read` and `<name>:write`. */
export async function registerResource(
  api: ApiClient,
  { accessToken: token }: SignedIn,
  name: string,
  fields: Record<string, unknown> = {},
): Promise<Registered> {
  number += 1;
  const body = {
    identifier: `https://${name}-${number}.example.com`,
    name,
    scopes: [
      { name: `${name}:read`, description: `See your ${name}` },
      { name: `${name}:write`, description: `Change your ${name}` },
    ],
    ...fields,
  };
  const answer = await api.post('/admin/resources', body, { token });
  if (answer.status !== 201) throw new Error(`Registering a resource answered ${answer.text}.`);
  return { id: answer.body.id, identifier: answer.body.identifier };
}

/** A service that only verifies, for tokens of one audience. */
export function verifyingFor(audience: string, { origin, stores }: TestApp) {
  const verifier = createAccessTokenVerifier({
    issuer: ISSUER,
    audience,
    jwksUri: `${origin}/.well-known/jwks.json`,
    redisUrl: stores.redisUrl,
  });
  return {
    /** `accepted`, or the code of the refusal. */
    outcome: (token: string): Promise<string> =>
      verifier.verifyAccessToken(token).then(
        () => 'accepted',
        ({ code }) => code,
      ),
    close: () => verifier.close(),
  };
}
