import { createServer } from 'node:http';
import { createAccessTokenVerifier, LatchkeyError } from 'latchkey/access';

const {
  ISSUER = 'http://localhost:3000',
  AUDIENCE = 'latchkey',
  JWKS_URI = `${ISSUER}/.well-known/jwks.json`,
  REDIS_URL,
  PORT = '3002',
} = process.env;

const verifier = createAccessTokenVerifier({
  issuer: ISSUER,
  audience: AUDIENCE,
  jwksUri: JWKS_URI,
  redisUrl: REDIS_URL,
});

const server = createServer(async ({ headers }, response) => {
  try {
    const token = headers.authorization?.replace(/^Bearer /i, '');
    const { userId } = await verifier.verifyAccessToken(token);
    response.end(`Hello, ${userId}\n`);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    response.writeHead(error.definition.status).end(`${error.code}\n`);
  }
});

server.listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`The plain service serves http://127.0.0.1:${PORT}\n`);
});
process.once('SIGTERM', () => server.close(() => verifier.close()));
