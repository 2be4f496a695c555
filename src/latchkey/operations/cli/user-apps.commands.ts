import { isUUID } from 'class-validator';
import { OPERATOR } from '../../audit/actor.js';
import { ConsentDirectory } from '../../oauth/consents/consent-directory.js';
import type { ConsentView } from '../../oauth/consents/consents.dto.js';
import { consentsErrors } from '../../oauth/consents/consents.errors.js';
import { WithdrawConsent } from '../../oauth/consents/withdraw-consent.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import type { IdentityView } from '../../users/identities/identities.dto.js';
import { ACCOUNT, findUser } from './account.js';
import { declareCommand } from './command.js';
import { type Column, JSON_LINES, writeList } from './table.js';
import { print } from './terminal.js';
import { text } from './values.js';

const identitiesCommand = declareCommand(
  {
    name: 'users identities',
    summary: 'List what an account is known as at providers.',
    arguments: { account: ACCOUNT },
    options: { json: JSON_LINES },
  },
  async ({ account, json }, application) => {
    const context = await application();
    const { id } = await findUser(context, account);
    const { identities } = await context.get(UserDirectory).getDetails(id);
    await writeList(identities, IDENTITY_COLUMNS, { json });
  },
);

const consentsCommand = declareCommand(
  {
    name: 'users consents',
    summary: 'List the apps that an account has let in, or end what one of them holds of it.',
    arguments: { account: ACCOUNT },
    options: {
      withdraw: text('client-id', 'End the consent to this app, and all that the app holds.'),
      reason: text('text', 'Why it is withdrawn, for the audit trail.'),
      json: JSON_LINES,
    },
    examples: [
      'users consents ada@example.com --withdraw 0191d3c4-8a7b-7c3d-9e2f-1a2b3c4d5e6f --reason "The app was broken into."',
    ],
  },
  async ({ account, withdraw: clientId, reason, json }, application) => {
    if (reason !== undefined && clientId === undefined) {
      throw new StartupError('--reason says why a consent is withdrawn: give it with --withdraw.');
    }
    const context = await application();
    const { id, email } = await findUser(context, account);
    if (clientId === undefined) {
      const { items } = await context.get(ConsentDirectory).list(id);
      return writeList(items, CONSENT_COLUMNS, { json });
    }
    if (!isUUID(clientId)) throw consentsErrors.notFound();
    await context.get(WithdrawConsent).withdraw(id, clientId, OPERATOR, reason);
    print(`${clientId} holds nothing of ${email} any more (${id}).`);
  },
);

/** What an account is to others. */
export const userAppsCommands = [identitiesCommand, consentsCommand];

const IDENTITY_COLUMNS: readonly Column<IdentityView>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'since', width: 24, of: ({ createdAt }) => createdAt },
  { title: 'provider', width: 12, of: ({ provider }) => provider },
  { title: 'issuer', width: 32, of: ({ issuer }) => issuer },
  { title: 'address there', width: 0, of: ({ email }) => email ?? '' },
];

const CONSENT_COLUMNS: readonly Column<ConsentView>[] = [
  { title: 'client', width: 36, of: ({ client }) => client.id },
  { title: 'since', width: 24, of: ({ createdAt }) => createdAt },
  { title: 'name', width: 24, of: ({ client }) => client.name },
  { title: 'scopes', width: 0, of: ({ scopes }) => scopes.join(' ') },
];
