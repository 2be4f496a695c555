import { OPERATOR } from '../../audit/actor.js';
import { ChangeClient } from '../../oauth/clients/change-client.js';
import { ChangeClientBody } from '../../oauth/clients/oauth-clients.dto.js';
import { CLIENT, clientIdOf } from './client.js';
import { declareCommand } from './command.js';
import { writeFacts } from './table.js';
import { print } from './terminal.js';
import { validated } from './validated.js';
import { choice, text, texts } from './values.js';

const changeClientCommand = declareCommand(
  {
    name: 'clients change',
    summary:
      'Change what a service or an app is registered with, at once on every instance. What is not given stays; of a list all of it anew, and "" empties it.',
    arguments: { client: CLIENT },
    options: {
      name: text('text', 'What it is called.'),
      role: texts('name', 'What its own access tokens say.'),
      firstParty: choice(
        ['yes', 'no'],
        'Whether it is the product’s own, and asks for no consent.',
      ),
      redirectUri: texts('address', 'Where users are sent back to with an answer.'),
      postLogoutRedirectUri: texts('address', 'Where users may be sent to after signing out.'),
      backchannelLogoutUri: text('address', 'Where its server is told that a session is over.'),
      scope: texts('name', 'What it may ask of its users.'),
    },
    examples: [
      'clients change 0191d3c4-8a7b-7c3d-9e2f-1a2b3c4d5e6f --redirect-uri https://shop.example/callback',
    ],
  },
  async ({ client, name, firstParty, backchannelLogoutUri, ...lists }, application) => {
    const id = clientIdOf(client);
    const body = await validated(ChangeClientBody, {
      ...(name !== undefined && { name }),
      ...(firstParty !== undefined && { firstParty: firstParty === 'yes' }),
      ...(backchannelLogoutUri !== undefined && {
        backchannelLogoutUri: backchannelLogoutUri || null,
      }),
      ...listOf('roles', lists.role),
      ...listOf('redirectUris', lists.redirectUri),
      ...listOf('postLogoutRedirectUris', lists.postLogoutRedirectUri),
      ...listOf('scopes', lists.scope),
    });
    writeFacts(await (await application()).get(ChangeClient).change(id, body, OPERATOR), {});
  },
);

const SWITCHES = [
  {
    verb: 'disable',
    status: 'disabled',
    summary: 'Disable a service or an app: its tokens are refused, and its users’ sessions end.',
  },
  { verb: 'enable', status: 'active', summary: 'Enable a service or an app that is disabled.' },
] as const;

const statusCommands = SWITCHES.map(({ verb, status, summary }) =>
  declareCommand(
    { name: `clients ${verb}`, summary, arguments: { client: CLIENT } },
    async ({ client }, application) => {
      const id = clientIdOf(client);
      const body = await validated(ChangeClientBody, { status });
      const changed = await (await application()).get(ChangeClient).change(id, body, OPERATOR);
      print(`${changed.name} is ${changed.status} (${id}).`);
    },
  ),
);

export const changeClientCommands = [changeClientCommand, ...statusCommands];

function listOf(name: string, given: readonly string[] | undefined): object {
  return given === undefined ? {} : { [name]: given.filter((item) => item !== '') };
}
