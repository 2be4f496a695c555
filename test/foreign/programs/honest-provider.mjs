// `oidc-provider` as somebody has it who follows its documentation: what is not said here is its default.
// Whoever is asked to sign in says who they are in the form of one field, or by `?as=` at its address.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { PORT, CLIENTS, ACCESS_TOKEN_SECONDS } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const SCOPE = 'openid profile email offline_access';

const provider = new Provider(issuer, {
  clients: JSON.parse(CLIENTS),
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  // What the scopes give is in the ID token, as most providers have it.
  conformIdTokenClaims: false,
  cookies: { keys: ['a key of this process'] },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  // Without a question for consent, too.
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => claimsOf(sub) }),
  loadExistingGrant: grantAll,
  pkce: { required: () => true },
  responseTypes: ['code'],
  ...(ACCESS_TOKEN_SECONDS !== undefined && {
    ttl: { AccessToken: Number(ACCESS_TOKEN_SECONDS) },
    rotateRefreshToken: true,
  }),
});

function claimsOf(sub) {
  return { sub, name: sub, email: `${sub}@example.com`, email_verified: true };
}

/** Nobody is asked for consent. */
async function grantAll({ oidc: { client, session } }) {
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(SCOPE);
  await grant.save();
  return grant;
}

async function signIn(request, response) {
  const { prompt } = await provider.interactionDetails(request, response);
  if (prompt.name === 'consent') {
    await provider.interactionFinished(request, response, { consent: {} });
    return;
  }
  const accountId = new URL(request.url, issuer).searchParams.get('as');
  if (accountId === null) {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<h1>Who are you?</h1><form><input name="as"><button>Sign in</button></form>');
    return;
  }
  await provider.interactionFinished(request, response, { login: { accountId } });
}

const answer = provider.callback();
createServer((request, response) =>
  request.url.startsWith('/interaction/') ? signIn(request, response) : answer(request, response),
).listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`serves ${issuer}\n`));
