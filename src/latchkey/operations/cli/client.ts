import { validate as isUuid } from 'uuid';
import { clientsErrors } from '../../oauth/clients/oauth-clients.errors.js';
import { argument } from './values.js';

export const CLIENT = argument('client-id', 'Its id: clients list shows it.');

/** @throws LatchkeyError `clients.not_found` for what is no id */
export function clientIdOf(text: string): string {
  if (!isUuid(text)) throw clientsErrors.notFound();
  return text;
}
