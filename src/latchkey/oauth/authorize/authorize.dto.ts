import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiQuery } from '@nestjs/swagger';
import { ASSURANCE_LEVELS } from '../../access/assurance.js';
import { MAX_REDIRECT_URI_LENGTH } from '../clients/redirect-uri.js';
import { PROMPTS } from './authorization-request.js';

const text = (description: string, more: { maxLength?: number; enum?: string[] } = {}) => ({
  type: 'string' as const,
  description,
  ...more,
});

/** OAuth 2.1, OpenID Connect Core section 3.1.2.1, RFC 8707. For the description alone: `read-request.ts` reads them. */
const REQUEST = {
  response_type: text('How the answer comes.', { enum: ['code'] }),
  redirect_uri: text('One that the client is registered with, to the letter.', {
    maxLength: MAX_REDIRECT_URI_LENGTH,
  }),
  scope: text('At least one: `openid email`.'),
  code_challenge: text('SHA-256 of the verifier in base64url (RFC 7636).'),
  code_challenge_method: text('No other.', { enum: ['S256'] }),
  state: text('Comes back in the answer.', { maxLength: 1_000 }),
  nonce: text('Comes back in the ID token.', { maxLength: 1_000 }),
  resource: text('Whom the tokens are for (RFC 8707).'),
  prompt: text(`Some of ${PROMPTS.join(', ')}; \`none\` goes alone.`),
  max_age: text('How many seconds ago the sign-in may be.'),
  acr_values: text(`Some of ${ASSURANCE_LEVELS.join(', ')}: the least would do.`),
  login_hint: text('The address that the sign-in page begins with.'),
  ui_locales: text('Languages of the pages, the best first: `de en`.'),
};
const CLIENT_ID = text('Who asks.', { maxLength: 200 });
const REQUEST_URI = text('Of a request that was pushed (RFC 9126), in place of all the others.');
const CREDENTIALS = {
  client_id: CLIENT_ID,
  client_secret: text('Unless by HTTP Basic.', { maxLength: 200 }),
};

/** The parameters of the authorization endpoint, in the query. */
export function TakesRequestInQuery(): MethodDecorator {
  const all = { client_id: CLIENT_ID, ...REQUEST, request_uri: REQUEST_URI };
  return applyDecorators(
    ...Object.entries(all).map(([name, { description, ...schema }]) =>
      ApiQuery({ name, required: name === 'client_id', description, schema }),
    ),
  );
}

/** The same in a form. */
export class AuthorizationForm {}

/** The same, with what shows who the client is. */
export class PushedAuthorizationForm {}

describe(AuthorizationForm, { client_id: CLIENT_ID, ...REQUEST, request_uri: REQUEST_URI });
describe(PushedAuthorizationForm, { ...CREDENTIALS, ...REQUEST });

function describe(form: new () => object, fields: Record<string, ReturnType<typeof text>>): void {
  for (const [name, field] of Object.entries(fields)) {
    ApiProperty({ ...field, required: name === 'client_id' })(form.prototype, name);
  }
}
