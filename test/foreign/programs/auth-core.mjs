// A web app with `@auth/core`, which is what Auth.js has below each of its frameworks.
import { createServer } from 'node:http';
import { Auth } from '@auth/core';

const { PORT, ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env;
const origin = `http://localhost:${PORT}`;

const config = {
  basePath: '/auth',
  trustHost: true,
  secret: 'a secret of this process',
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
    jwt: ({ token, account }) =>
      account ? { ...token, granted: account.scope, subject: account.providerAccountId } : token,
    session: ({ session, token }) => ({ ...session, sub: token.subject, granted: token.granted }),
  },
};

createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const { method, headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const asked = new Request(origin + request.url, { method, headers, ...(hasBody && { body }) });
  const answer = await Auth(asked, config);
  for (const [name, value] of answer.headers) {
    if (name !== 'set-cookie') response.setHeader(name, value);
  }
  response.setHeader('set-cookie', answer.headers.getSetCookie());
  response.writeHead(answer.status).end(await answer.text());
}).listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`serves ${origin}\n`));
