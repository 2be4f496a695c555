import { parseArgs } from 'node:util';
import { validate as isUuid } from 'uuid';
import { OPERATOR } from '../../audit/actor.js';
import { CreateResource } from '../../oauth/resources/create-resource.js';
import { DeleteResource } from '../../oauth/resources/delete-resource.js';
import { ResourceDirectory } from '../../oauth/resources/resource-directory.js';
import { CreateResourceBody, type ResourceView } from '../../oauth/resources/resources.dto.js';
import { resourcesErrors } from '../../oauth/resources/resources.errors.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import { itemsOf } from './accounts.commands.js';
import type { Command } from './command.js';
import { type Column, writeList } from './table.js';
import { print } from './terminal.js';

const COLUMNS: readonly Column<ResourceView>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'identifier', width: 32, of: ({ identifier }) => identifier },
  { title: 'name', width: 16, of: ({ name }) => name },
  { title: 'scopes', width: 0, of: ({ scopes }) => scopes.map(({ name }) => name).join(',') },
];

const listResourcesCommand: Command = {
  name: 'resources list',
  usage: '[--json]',
  summary:
    'List the services that tokens can be asked for, the newest first. --json: an object a line.',
  async run(args, application) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const directory = (await application()).get(ResourceDirectory);
    const resources = itemsOf((cursor) => directory.list({ limit: MAX_PAGE_SIZE, cursor }));
    await writeList(resources, COLUMNS, values);
  },
};

const createResourceCommand: Command = {
  name: 'resources create',
  usage: '--identifier uri --name text --scope name=description … [--client id]',
  summary:
    'Register a service, with what can be done there. --client: the one that may introspect its tokens.',
  async run(args, application) {
    const { values } = parseArgs({
      args,
      options: {
        identifier: { type: 'string' },
        name: { type: 'string' },
        scope: { type: 'string', multiple: true },
        client: { type: 'string' },
      },
    });
    const { identifier, name, scope: scopes = [], client } = values;
    if (identifier === undefined || name === undefined || scopes.length === 0) {
      throw new StartupError(
        'Say what it is: resources create --identifier https://orders.example.com --name Orders --scope "orders:read=See your orders"',
      );
    }
    const body = await requestValidation().transform(
      { identifier, name, scopes: scopes.map(scopeOf), clientId: client ?? null },
      { type: 'body', metatype: CreateResourceBody },
    );
    const { id } = await (await application()).get(CreateResource).create(body, OPERATOR);
    print(`resource=${id}`);
  },
};

const deleteResourceCommand: Command = {
  name: 'resources delete',
  usage: '<id>',
  summary: 'Remove a service: its access tokens are refused from now on.',
  async run(args, application) {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
    const [id] = positionals;
    if (id === undefined) {
      throw new StartupError('Give the id of the resource: resources list shows it');
    }
    if (!isUuid(id)) throw resourcesErrors.notFound();
    await (await application()).get(DeleteResource).delete(id, OPERATOR);
    print(`${id} is removed.`);
  },
};

export const resourcesCommands: readonly Command[] = [
  listResourcesCommand,
  createResourceCommand,
  deleteResourceCommand,
];

function scopeOf(text: string): { name: string; description: string } {
  const [name = '', ...description] = text.split('=');
  return { name, description: description.join('=') };
}
