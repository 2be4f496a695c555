// A web app with `@auth/core`, which is what Auth.js has below each of its frameworks.
import { createServer } from 'node:http';
import { Auth } from '@auth/core';
import { getToken } from '@auth/core/jwt';

const { PORT, ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env;
/** So many seconds before an access token expires it gets the next one. */
const EARLY_SECONDS = Number(process.env.EARLY_SECONDS ?? 30);
const origin = `http://localhost:${PORT}`;
const secret = 'a secret of this process';

const config = {
  basePath: '/auth',
  trustHost: true,
  secret,
  providers: [
    {
      id: 'latchkey',
      name: 'Latchkey',
      type: 'oidc',
      issuer: ISSUER,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      authorization: { params: { scope: 'openid profile email offline_access' } },
      checks: ['pkce', 'state', 'nonce'],
      client: { id_token_signed_response_alg: process.env.ID_TOKEN_ALGORITHM ?? 'RS256' },
      idToken: false,
    },
  ],
  callbacks: {
    jwt: ({ token, account }) => (account ? begun(token, account) : goneOn(token)),
    session: ({ session, token }) => ({
      ...session,
      sub: token.subject,
      granted: token.granted,
      refreshes: token.refreshes,
      error: token.error,
    }),
  },
};

function begun(token, account) {
  const { access_token, refresh_token, id_token, expires_at, scope } = account;
  const kept = { access_token, refresh_token, id_token, expires_at };
  return { ...token, ...kept, granted: scope, subject: account.providerAccountId, refreshes: 0 };
}

/** As Auth.js has it in its guide to the rotation of refresh tokens. */
async function goneOn(token) {
  if (Date.now() < (token.expires_at - EARLY_SECONDS) * 1000) return token;
  const answer = await fetch(`${ISSUER}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token,
    }),
  });
  if (!answer.ok) return { ...token, error: 'RefreshTokenError' };
  const { access_token, refresh_token, expires_in } = await answer.json();
  const expires_at = Math.floor(Date.now() / 1000) + expires_in;
  return { ...token, access_token, refresh_token, expires_at, refreshes: token.refreshes + 1 };
}

/** Auth.js signs out of itself alone: where the provider signs out, by hand, and back to where Auth.js does. */
async function endSessionAddress(req) {
  const { id_token } = await getToken({ req, secret });
  const metadata = await (await fetch(`${ISSUER}/.well-known/openid-configuration`)).json();
  const query = { id_token_hint: id_token, post_logout_redirect_uri: `${origin}/auth/signout` };
  return `${metadata.end_session_endpoint}?${new URLSearchParams(query)}`;
}

createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const { method, headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const asked = new Request(origin + request.url, { method, headers, ...(hasBody && { body }) });
  if (request.url === '/sign-out') {
    response.writeHead(302, { Location: await endSessionAddress(asked) }).end();
    return;
  }
  const answer = await Auth(asked, config);
  for (const [name, value] of answer.headers) {
    if (name !== 'set-cookie') response.setHeader(name, value);
  }
  response.setHeader('set-cookie', answer.headers.getSetCookie());
  response.writeHead(answer.status).end(await answer.text());
}).listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`serves ${origin}\n`));
