import { randomBytes } from 'node:crypto';
import express from 'express';
import openid from 'express-openid-connect';

const {
  ISSUER: issuerBaseURL = 'http://localhost:3000',
  PORT = '3004',
  BASE_URL: baseURL = `http://localhost:${PORT}`,
  CLIENT_ID: clientID,
  CLIENT_SECRET: clientSecret,
  // What its own cookie is encrypted with. Set it where sessions are to outlive the process.
  SECRET: secret = randomBytes(32).toString('hex'),
  ID_TOKEN_ALGORITHM: idTokenSigningAlg = 'RS256',
} = process.env;

/** Sessions that are over, as Latchkey has said. More than one instance of an app needs a store that all of them read. */
const over = new Set();

const app = express();
app.get('/goodbye', (_, response) => {
  response.type('text/plain').send('Goodbye\n');
});
app.use(
  openid.auth({
    issuerBaseURL,
    baseURL,
    clientID,
    clientSecret,
    secret,
    idTokenSigningAlg,
    authorizationParams: { response_type: 'code', scope: 'openid email offline_access' },
    // Whoever signs out here signs out at Latchkey, which asks first, and with it at every app.
    idpLogout: true,
    routes: { postLogoutRedirect: '/goodbye' },
    // Whatever ends a session, Latchkey posts to /backchannel-logout that it is over.
    backchannelLogout: {
      onLogoutToken: ({ sid }) => {
        over.add(sid);
      },
      isLoggedOut: ({ oidc }) => over.has(oidc.idTokenClaims.sid),
      onLogin: false,
    },
  }),
);

app.get('/', async (request, response) => {
  const { email } = await request.oidc.fetchUserInfo();
  response.type('text/plain').send(`Hello, ${email}\n`);
});

/** Whatever calls other services: the token is renewed when it has to be. */
app.get('/token', async (request, response) => {
  let { accessToken } = request.oidc;
  if (accessToken.isExpired() || 'renew' in request.query)
    accessToken = await accessToken.refresh();
  response.json({ expiresIn: accessToken.expires_in });
});

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`The web app serves ${baseURL}\n`);
});
process.once('SIGTERM', () => server.close());
