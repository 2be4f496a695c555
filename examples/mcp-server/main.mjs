import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createAccessTokenVerifier } from 'latchkey-access';

const {
  ISSUER: issuer = 'http://localhost:3000',
  PORT = '3003',
  RESOURCE: audience = `http://localhost:${PORT}/mcp`,
  REDIS_URL: redisUrl,
} = process.env;
const jwksUri = `${issuer}/.well-known/jwks.json`;

// What protects it: who has no token is told where to get one (RFC 9728), and nobody else comes past.
const protectedResource = { name: 'Notes', scopes: ['notes:read'] };
const access = createAccessTokenVerifier({
  issuer,
  audience,
  jwksUri,
  redisUrl,
  protectedResource,
});
const protect = access.protect({ scopes: ['notes:read'] });

const serveMcp = toNodeHandler(
  createMcpHandler(() => {
    const server = new McpServer({ name: 'notes', version: '1.0.0' });
    const about = { description: 'The notes of whoever has signed in' };
    server.registerTool('list_notes', about, ({ http }) => {
      const { userId } = http.authInfo.extra.principal;
      return { content: [{ type: 'text', text: `${userId} has no notes yet.` }] };
    });
    return server;
  }),
);

const server = createServer((request, response) =>
  protect(request, response, () => serveMcp(request, response)),
);
server.listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`The MCP server serves ${audience}\n`);
});
process.once('SIGTERM', () => server.close(() => access.close()));
