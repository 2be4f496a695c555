import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ASSURANCE_LEVELS } from '../../access/assurance.js';
import { MAX_REDIRECT_URI_LENGTH } from '../clients/redirect-uri.js';
import { ClientForm } from '../oauth.dto.js';

/** What a request says, wherever it is said (OAuth 2.1, OpenID Connect Core section 3.1.2.1). Only for the description: `read-request.ts` reads it. */
class RequestFields extends ClientForm {
  @ApiProperty({ enum: ['code'] })
  response_type!: string;

  @ApiProperty({
    maxLength: MAX_REDIRECT_URI_LENGTH,
    description: 'One that the client is registered with, to the letter.',
  })
  redirect_uri!: string;

  @ApiProperty({ example: 'openid email', description: 'At least one.' })
  scope!: string;

  @ApiProperty({ description: 'SHA-256 of the verifier in base64url (RFC 7636).' })
  code_challenge!: string;

  @ApiProperty({ enum: ['S256'] })
  code_challenge_method!: string;

  @ApiPropertyOptional({ maxLength: 1000, description: 'Comes back in the answer.' })
  state?: string;

  @ApiPropertyOptional({ maxLength: 1000, description: 'Comes back in the ID token.' })
  nonce?: string;

  @ApiPropertyOptional({ description: 'Whom the tokens are for (RFC 8707).' })
  resource?: string;

  @ApiPropertyOptional({ description: '`none`, or some of `login`, `consent`, `select_account`.' })
  prompt?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Seconds since the sign-in, at most.' })
  max_age?: number;

  @ApiPropertyOptional({ description: `Some of ${ASSURANCE_LEVELS.join(', ')}: the least would do.` })
  acr_values?: string;

  @ApiPropertyOptional({ description: 'The address that the sign-in page begins with.' })
  login_hint?: string;

  @ApiPropertyOptional({ example: 'de en', description: 'Languages of the pages, the best first.' })
  ui_locales?: string;
}

export class PushedAuthorizationForm extends RequestFields {}
