import { parseArgs } from 'node:util';
import { validate as isUuid } from 'uuid';
import { OPERATOR } from '../../audit/actor.js';
import { ClientDirectory } from '../../oauth/clients/client-directory.js';
import { CreateClient } from '../../oauth/clients/create-client.js';
import { DeleteClient } from '../../oauth/clients/delete-client.js';
import {
  type ClientView,
  type ClientWithSecret,
  CreateClientBody,
  RotateClientSecretBody,
} from '../../oauth/clients/oauth-clients.dto.js';
import { clientsErrors } from '../../oauth/clients/oauth-clients.errors.js';
import { RotateClientSecret } from '../../oauth/clients/rotate-client-secret.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import { itemsOf } from './accounts.commands.js';
import type { Command } from './command.js';
import { type Column, writeList } from './table.js';
import { print } from './terminal.js';

const CLIENT_COLUMNS: readonly Column<ClientView>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'status', width: 8, of: ({ status }) => status },
  { title: 'name', width: 24, of: ({ name }) => name },
  { title: 'roles', width: 0, of: ({ roles }) => roles.join(',') },
];

const listClientsCommand: Command = {
  name: 'clients list',
  usage: '[--json]',
  summary:
    'List the services that have a secret of their own, the newest first. --json: an object a line.',
  async run(args, application) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const directory = (await application()).get(ClientDirectory);
    const clients = itemsOf((cursor) => directory.list({ limit: MAX_PAGE_SIZE, cursor }));
    await writeList(clients, CLIENT_COLUMNS, values);
  },
};

const createClientCommand: Command = {
  name: 'clients create',
  usage:
    '--name text [--role name …] [--public] [--first-party] [--redirect-uri address …] [--post-logout-redirect-uri address …] [--scope name …]',
  summary:
    'Create a service with roles of its own, or an app that people sign in at. Prints its id and, only this once, its secret.',
  async run(args, application) {
    const { values } = parseArgs({
      args,
      options: {
        name: { type: 'string' },
        role: { type: 'string', multiple: true },
        public: { type: 'boolean' },
        'first-party': { type: 'boolean' },
        'redirect-uri': { type: 'string', multiple: true },
        'post-logout-redirect-uri': { type: 'string', multiple: true },
        scope: { type: 'string', multiple: true },
      },
    });
    if (values.name === undefined) {
      throw new StartupError('Say what it is called: clients create --name billing');
    }
    const body = await requestValidation().transform(
      {
        name: values.name,
        roles: values.role ?? [],
        type: values.public ? 'public' : 'confidential',
        firstParty: values['first-party'] ?? false,
        redirectUris: values['redirect-uri'] ?? [],
        postLogoutRedirectUris: values['post-logout-redirect-uri'] ?? [],
        scopes: values.scope ?? [],
      },
      { type: 'body', metatype: CreateClientBody },
    );
    tell(await (await application()).get(CreateClient).create(body, OPERATOR));
  },
};

const rotateSecretCommand: Command = {
  name: 'clients rotate-secret',
  usage: '<id> [--former-valid-seconds n]',
  summary: 'Give a service a new secret. The former one stops working at once, or after n seconds.',
  async run(args, application) {
    const { values, positionals } = parseArgs({
      args,
      options: { 'former-valid-seconds': { type: 'string' } },
      allowPositionals: true,
    });
    const id = idOf(positionals);
    const { formerValidSeconds } = await requestValidation().transform(
      { formerValidSeconds: Number(values['former-valid-seconds'] ?? 0) },
      { type: 'body', metatype: RotateClientSecretBody },
    );
    const rotation = (await application()).get(RotateClientSecret);
    tell(await rotation.rotate(id, formerValidSeconds, OPERATOR));
  },
};

const deleteClientCommand: Command = {
  name: 'clients delete',
  usage: '<id>',
  summary: 'Delete a service: its secret and its access tokens are refused from now on.',
  async run(args, application) {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
    const id = idOf(positionals);
    await (await application()).get(DeleteClient).delete(id, OPERATOR);
    print(`${id} is deleted.`);
  },
};

export const clientsCommands: readonly Command[] = [
  listClientsCommand,
  createClientCommand,
  rotateSecretCommand,
  deleteClientCommand,
];

function idOf([id]: readonly string[]): string {
  if (id === undefined) throw new StartupError('Give the id of the client: clients list shows it');
  if (!isUuid(id)) throw clientsErrors.notFound();
  return id;
}

function tell({ id, secret }: ClientWithSecret): void {
  print(`client_id=${id}`);
  if (secret !== undefined) print(`client_secret=${secret}`);
}
