import { readFile } from 'node:fs/promises';
import { AccessConfig } from '../../access/access.config.js';
import { OPERATOR } from '../../audit/actor.js';
import { ClientDirectory } from '../../oauth/clients/client-directory.js';
import { type ClientView, type ClientWithSecret } from '../../oauth/clients/client-views.dto.js';
import { CreateClient } from '../../oauth/clients/create-client.js';
import { DeleteClient } from '../../oauth/clients/delete-client.js';
import {
  CreateClientBody,
  MAX_FORMER_SECRET_SECONDS,
} from '../../oauth/clients/oauth-clients.dto.js';
import { RotateClientSecret } from '../../oauth/clients/rotate-client-secret.js';
import { SCOPES } from '../../oauth/clients/scopes.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { changeClientCommands } from './change-client.commands.js';
import { CLIENT, clientIdOf } from './client.js';
import { declareCommand } from './command.js';
import { type Column, itemsOf, JSON_LINES, writeFacts, writeList } from './table.js';
import { print } from './terminal.js';
import { validated } from './validated.js';
import { flag, otherwise, required, text, texts, wholeNumber } from './values.js';

const CLIENT_COLUMNS: readonly Column<ClientView>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'status', width: 8, of: ({ status }) => status },
  { title: 'name', width: 24, of: ({ name }) => name },
  { title: 'registered', width: 14, of: registeredBy },
  { title: 'roles', width: 0, of: ({ roles }) => roles.join(',') },
];

/** By whom: an administrator, or nobody. */
function registeredBy({ metadataUri, selfRegistered }: ClientView): string {
  if (metadataUri !== null) return 'by a document';
  return selfRegistered ? 'by itself' : '';
}

const listClientsCommand = declareCommand(
  {
    name: 'clients list',
    summary: 'List the services and apps that are registered, the newest first.',
    options: { json: JSON_LINES },
  },
  async ({ json }, application) => {
    const directory = (await application()).get(ClientDirectory);
    const clients = itemsOf((cursor) => directory.list({ limit: MAX_PAGE_SIZE, cursor }));
    await writeList(clients, CLIENT_COLUMNS, { json });
  },
);

const createClientCommand = declareCommand(
  {
    name: 'clients create',
    summary:
      'Register a service with roles of its own, or an app that people sign in at. Prints its id and, only this once, its secret.',
    options: {
      name: required(text('text', 'What it is called.')),
      role: texts('name', 'What its own access tokens say.'),
      public: flag('It runs where users could read a secret, and has none.'),
      firstParty: flag('The product’s own: nobody is asked for consent.'),
      redirectUri: texts('address', 'Where users are sent back to with an answer.'),
      postLogoutRedirectUri: texts('address', 'Where users may be sent to after signing out.'),
      backchannelLogoutUri: text('address', 'Where its server is told that a session is over.'),
      idTokenAlg: otherwise('RS256', text('name', 'What its ID tokens are signed by.')),
      jwks: text('file', 'With public keys that it authenticates by, in place of a secret.'),
      scope: texts('name', `What it may ask of its users: ${SCOPES.join(', ')}.`),
    },
    examples: [
      'clients create --name billing --role auditor',
      'clients create --name shop --redirect-uri https://shop.example/callback --scope openid --scope email',
    ],
  },
  async ({ name, role: roles = [], firstParty, scope: scopes = [], ...rest }, application) => {
    const body = await validated(CreateClientBody, {
      name,
      roles,
      type: rest.public ? 'public' : 'confidential',
      firstParty,
      redirectUris: rest.redirectUri ?? [],
      postLogoutRedirectUris: rest.postLogoutRedirectUri ?? [],
      backchannelLogoutUri: rest.backchannelLogoutUri ?? null,
      idTokenSignedResponseAlg: rest.idTokenAlg,
      jwks: rest.jwks === undefined ? null : await keysIn(rest.jwks),
      scopes,
    });
    tell(await (await application()).get(CreateClient).create(body, OPERATOR));
  },
);

const showClientCommand = declareCommand(
  {
    name: 'clients show',
    summary: 'Show what a service or an app is registered with.',
    arguments: { client: CLIENT },
    options: { json: JSON_LINES },
  },
  async ({ client, json }, application) => {
    const id = clientIdOf(client);
    writeFacts(await (await application()).get(ClientDirectory).get(id), { json });
  },
);

const factsCommand = declareCommand(
  {
    name: 'clients facts',
    summary:
      'Show what the developer of an app enters into it, but for the secret. Its library finds the rest at the address of discovery.',
    arguments: { client: CLIENT },
    options: { json: JSON_LINES },
  },
  async ({ client, json }, application) => {
    const context = await application();
    const view = await context.get(ClientDirectory).get(clientIdOf(client));
    writeFacts(factsOf(view, context.get(AccessConfig)), { json });
  },
);

const rotateSecretCommand = declareCommand(
  {
    name: 'clients rotate-secret',
    summary:
      'Give a service a new secret. The former one stops working at once, or after so many seconds.',
    arguments: { client: CLIENT },
    options: {
      formerValidSeconds: otherwise(
        0,
        wholeNumber('n', 'For how long the former secret opens as well.', {
          min: 0,
          max: MAX_FORMER_SECRET_SECONDS,
        }),
      ),
    },
  },
  async ({ client, formerValidSeconds }, application) => {
    const id = clientIdOf(client);
    const rotation = (await application()).get(RotateClientSecret);
    tell(await rotation.rotate(id, formerValidSeconds, OPERATOR));
  },
);

const deleteClientCommand = declareCommand(
  {
    name: 'clients delete',
    summary: 'Delete a service: its secret and its access tokens are refused from now on.',
    arguments: { client: CLIENT },
  },
  async ({ client }, application) => {
    const id = clientIdOf(client);
    await (await application()).get(DeleteClient).delete(id, OPERATOR);
    print(`${id} is deleted.`);
  },
);

export const clientsCommands = [
  listClientsCommand,
  showClientCommand,
  factsCommand,
  createClientCommand,
  ...changeClientCommands,
  rotateSecretCommand,
  deleteClientCommand,
];

/** Of the two ways to show a secret, the one that libraries take who are told nothing. */
const METHOD_NAMES: Readonly<Record<ClientView['tokenEndpointAuthMethod'], string>> = {
  none: 'none',
  client_secret: 'client_secret_basic',
  private_key_jwt: 'private_key_jwt',
};

/** By the names of OpenID Connect Dynamic Client Registration section 2, which libraries have as well. */
function factsOf(client: ClientView, { issuer }: AccessConfig) {
  return {
    issuer,
    discovery: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    client_id: client.metadataUri ?? client.id,
    token_endpoint_auth_method: METHOD_NAMES[client.tokenEndpointAuthMethod],
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    backchannel_logout_uri: client.backchannelLogoutUri,
    id_token_signed_response_alg: client.idTokenSignedResponseAlg,
    scope: client.scopes.join(' '),
    code_challenge_method: 'S256',
  };
}

/** The public keys of a file, which are checked as those of the API are. */
async function keysIn(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw new StartupError(`${path} cannot be read as a JSON Web Key Set (RFC 7517).`);
  }
}

function tell({ id, secret }: ClientWithSecret): void {
  print(`client_id=${id}`);
  if (secret !== undefined) print(`client_secret=${secret}`);
}
