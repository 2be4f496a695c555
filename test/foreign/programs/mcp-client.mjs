// A client of the Model Context Protocol, as its SDK makes one. It says in lines of JSON where its user has to go, and
// what it has been answered; `GET /call` has it call once more.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';

const {
  PORT,
  SERVER_URL,
  CLIENT_ID,
  CLIENT_METADATA_URL,
  REDIRECT_HOST = '127.0.0.1',
} = process.env;
const redirectUrl = `http://${REDIRECT_HOST}:${PORT}/callback`;
const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

const kept = { state: randomUUID() };
const provider = {
  redirectUrl,
  clientMetadataUrl: CLIENT_METADATA_URL,
  clientMetadata: {
    client_name: 'Agent',
    redirect_uris: [redirectUrl],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
  },
  state: () => kept.state,
  clientInformation: () => kept.client ?? (CLIENT_ID && { client_id: CLIENT_ID }),
  saveClientInformation: (client) => {
    kept.client = client;
  },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => {
    kept.tokens = tokens;
    say({ granted: tokens.scope });
  },
  redirectToAuthorization: (address) => say({ goTo: address.href }),
  saveCodeVerifier: (verifier) => {
    kept.verifier = verifier;
  },
  codeVerifier: () => kept.verifier,
  saveDiscoveryState: (state) => {
    kept.discovery = state;
  },
  discoveryState: () => kept.discovery,
};

const newTransport = () =>
  new StreamableHTTPClientTransport(new URL(SERVER_URL), { authProvider: provider });
const newClient = () => new Client({ name: 'agent', version: '1.0.0' });

async function call() {
  const client = newClient();
  try {
    await client.connect(newTransport());
    const { content } = await client.callTool({ name: 'list_notes', arguments: {} });
    return { answer: content[0].text };
  } catch (error) {
    return { refused: error.name, message: error.message };
  } finally {
    await client.close().catch(() => undefined);
  }
}

/** Spoils its access token, as if it had expired, so that the next call has to refresh. */
function spoil() {
  kept.tokens = { ...kept.tokens, access_token: 'spoilt' };
}

const server = createServer(async ({ url }, response) => {
  const { pathname, searchParams } = new URL(url, redirectUrl);
  if (pathname === '/callback') {
    if (searchParams.get('state') !== kept.state) throw new Error('This is not the state.');
    try {
      await transport.finishAuth(searchParams);
      say(await call());
    } catch (error) {
      say({ refused: error.name, message: error.message });
    }
    response.setHeader('Content-Type', 'text/html');
    response.end('<h1>Back at the agent</h1>');
    return;
  }
  if (pathname === '/spoil') spoil();
  const answer = pathname === '/spoil' ? {} : await call();
  response.end(JSON.stringify(answer));
});
let transport;
server.listen(Number(PORT), async () => {
  say({ serves: redirectUrl });
  transport = newTransport();
  try {
    await newClient().connect(transport);
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) say({ refused: error.name, message: error.message });
  }
});
