import { validate as isUuid } from 'uuid';
import { OPERATOR } from '../../audit/actor.js';
import { ChangeResource } from '../../oauth/resources/change-resource.js';
import { CreateResource } from '../../oauth/resources/create-resource.js';
import { DeleteResource } from '../../oauth/resources/delete-resource.js';
import { ResourceDirectory } from '../../oauth/resources/resource-directory.js';
import {
  ChangeResourceBody,
  CreateResourceBody,
  type ResourceView,
} from '../../oauth/resources/resources.dto.js';
import { resourcesErrors } from '../../oauth/resources/resources.errors.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { declareCommand } from './command.js';
import { type Column, itemsOf, JSON_LINES, writeFacts, writeList } from './table.js';
import { print } from './terminal.js';
import { validated } from './validated.js';
import { argument, required, text, texts } from './values.js';

const NOBODY = 'none';
const RESOURCE = argument('resource-id', 'Its id: resources list shows it.');
const SCOPES = texts('name=description', 'What can be done there, all of it.');

const COLUMNS: readonly Column<ResourceView>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'identifier', width: 32, of: ({ identifier }) => identifier },
  { title: 'name', width: 16, of: ({ name }) => name },
  { title: 'scopes', width: 0, of: ({ scopes }) => scopes.map(({ name }) => name).join(',') },
];

const listResourcesCommand = declareCommand(
  {
    name: 'resources list',
    summary: 'List the services that tokens can be asked for, the newest first.',
    options: { json: JSON_LINES },
  },
  async ({ json }, application) => {
    const directory = (await application()).get(ResourceDirectory);
    const resources = itemsOf((cursor) => directory.list({ limit: MAX_PAGE_SIZE, cursor }));
    await writeList(resources, COLUMNS, { json });
  },
);

const showResourceCommand = declareCommand(
  {
    name: 'resources show',
    summary: 'Show a service that tokens can be asked for.',
    arguments: { resource: RESOURCE },
    options: { json: JSON_LINES },
  },
  async ({ resource, json }, application) => {
    const id = resourceIdOf(resource);
    writeFacts(await (await application()).get(ResourceDirectory).get(id), { json });
  },
);

const createResourceCommand = declareCommand(
  {
    name: 'resources create',
    summary: 'Register a service, with what can be done there.',
    options: {
      identifier: required(text('uri', 'How tokens and clients name it.')),
      name: required(text('text', 'What people are told that it is called.')),
      scope: required(SCOPES),
      client: text('client-id', 'The client that may introspect its tokens.'),
    },
    examples: [
      'resources create --identifier https://orders.example.com --name Orders --scope "orders:read=See your orders"',
    ],
  },
  async ({ identifier, name, scope, client: clientId = null }, application) => {
    const scopes = scope.map(scopeOf);
    const body = await validated(CreateResourceBody, { identifier, name, scopes, clientId });
    const { id } = await (await application()).get(CreateResource).create(body, OPERATOR);
    print(`resource=${id}`);
  },
);

const changeResourceCommand = declareCommand(
  {
    name: 'resources change',
    summary:
      'Change a service. Scopes that it has no more are taken from everybody who has them, at once on every instance.',
    arguments: { resource: RESOURCE },
    options: {
      name: text('text', 'What people are told that it is called.'),
      scope: SCOPES,
      client: text('client-id', `The client that may introspect its tokens, or ${NOBODY}.`),
    },
  },
  async ({ resource, name, scope, client }, application) => {
    const id = resourceIdOf(resource);
    const body = await validated(ChangeResourceBody, {
      ...(name !== undefined && { name }),
      ...(scope !== undefined && { scopes: scope.map(scopeOf) }),
      ...(client !== undefined && { clientId: client === NOBODY ? null : client }),
    });
    writeFacts(await (await application()).get(ChangeResource).change(id, body, OPERATOR), {});
  },
);

const deleteResourceCommand = declareCommand(
  {
    name: 'resources delete',
    summary: 'Remove a service: its access tokens are refused from now on.',
    arguments: { resource: RESOURCE },
  },
  async ({ resource }, application) => {
    const id = resourceIdOf(resource);
    await (await application()).get(DeleteResource).delete(id, OPERATOR);
    print(`${id} is removed.`);
  },
);

export const resourcesCommands = [
  listResourcesCommand,
  showResourceCommand,
  createResourceCommand,
  changeResourceCommand,
  deleteResourceCommand,
];

function resourceIdOf(id: string): string {
  if (!isUuid(id)) throw resourcesErrors.notFound();
  return id;
}

function scopeOf(text: string): { name: string; description: string } {
  const [name = '', ...description] = text.split('=');
  return { name, description: description.join('=') };
}
