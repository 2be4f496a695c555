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

const app = express();
app.use(
  openid.auth({
    issuerBaseURL,
    baseURL,
    clientID,
    clientSecret,
    secret,
    idTokenSigningAlg,
    authorizationParams: { response_type: 'code', scope: 'openid email offline_access' },
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
