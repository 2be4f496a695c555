import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsOptional, Length, MaxLength } from 'class-validator';
import { ASSURANCE_LEVELS, type AssuranceLevel } from '../access/assurance.js';
import { MAX_REDIRECT_URI_LENGTH } from './clients/redirect-uri.js';

export const MISSING_OR_TOO_LONG = '$property is missing or too long';

/** RFC 7523 section 2.2. */
export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MAX_ASSERTION_LENGTH = 4 * 1024;

/** How a client may say who it is, where it does not by HTTP Basic. */
export class ClientForm {
  @ApiPropertyOptional({ maxLength: 200 })
  @IsOptional()
  @MaxLength(200)
  client_id?: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @IsOptional()
  @MaxLength(200)
  client_secret?: string;

  @ApiPropertyOptional({
    enum: [CLIENT_ASSERTION_TYPE],
    description: 'Beside `client_assertion` (RFC 7523 section 2.2).',
  })
  @IsOptional()
  @MaxLength(200)
  client_assertion_type?: string;

  @ApiPropertyOptional({
    maxLength: MAX_ASSERTION_LENGTH,
    description: 'In place of a secret: a JWT that the client has signed (`private_key_jwt`).',
  })
  @IsOptional()
  @MaxLength(MAX_ASSERTION_LENGTH)
  client_assertion?: string;
}

export const GRANT_TYPES = [
  'authorization_code',
  'client_credentials',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

export class TokenRequest extends ClientForm {
  @ApiProperty({ enum: GRANT_TYPES })
  @Length(1, 200, { message: MISSING_OR_TOO_LONG })
  grant_type!: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'Of the grant `authorization_code`.' })
  @IsOptional()
  @MaxLength(200)
  code?: string;

  @ApiPropertyOptional({
    maxLength: MAX_REDIRECT_URI_LENGTH,
    description: 'Of the grant `authorization_code`: that of the authorization request.',
  })
  @IsOptional()
  @MaxLength(MAX_REDIRECT_URI_LENGTH)
  redirect_uri?: string;

  @ApiPropertyOptional({
    maxLength: 200,
    description: 'Of the grant `authorization_code` (RFC 7636).',
  })
  @IsOptional()
  @MaxLength(200)
  code_verifier?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'Of the grant of RFC 8628.' })
  @IsOptional()
  @MaxLength(200)
  device_code?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'Of the grant `refresh_token`.' })
  @IsOptional()
  @MaxLength(200)
  refresh_token?: string;

  @ApiPropertyOptional({
    maxLength: 1000,
    description: 'Of what has been granted, or of a client itself: scopes of resources.',
  })
  @IsOptional()
  @MaxLength(1000)
  scope?: string;

  @ApiPropertyOptional({
    type: [String],
    description:
      'The audience of the token (RFC 8707): `JWT_AUDIENCE`, or what the client may ask for.',
  })
  @IsOptional()
  @IsArray()
  resource?: string[];
}

const MAX_TOKEN_LENGTH = 8 * 1024;

/** A token that is to be judged or revoked (RFC 7662 section 2.1, RFC 7009 section 2.1). */
export class ShownToken extends ClientForm {
  @ApiProperty({ minLength: 1, maxLength: MAX_TOKEN_LENGTH })
  @Length(1, MAX_TOKEN_LENGTH, { message: MISSING_OR_TOO_LONG })
  token!: string;

  @ApiPropertyOptional({ maxLength: 200, example: 'access_token' })
  @IsOptional()
  @MaxLength(200)
  token_type_hint?: string;
}

/** RFC 7662 section 2.2. Of a token that is not live nothing else is said than that. */
export class Introspection {
  @ApiProperty()
  active!: boolean;

  @ApiPropertyOptional({ enum: ['Bearer'], description: 'Of an access token, and of no other.' })
  token_type?: 'Bearer';

  @ApiPropertyOptional({ description: 'The user, or the client itself' })
  sub?: string;

  @ApiPropertyOptional()
  client_id?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Seconds since the epoch' })
  exp?: number;

  @ApiPropertyOptional()
  sid?: string;

  @ApiPropertyOptional({ type: [String] })
  roles?: string[];

  @ApiPropertyOptional({ type: [String] })
  permissions?: string[];

  @ApiPropertyOptional({
    type: [String],
    description: 'Roles that are held and demand more than the session has shown',
  })
  withheld?: string[];

  @ApiPropertyOptional({ enum: ASSURANCE_LEVELS, description: 'How sure it is who signed in' })
  acr?: AssuranceLevel;

  /** And every other claim of an access token. */
  readonly [claim: string]: unknown;
}

/** RFC 6749 section 5.1. */
export class OAuthTokenResponse {
  @ApiProperty()
  access_token!: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type!: 'Bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds', example: 900 })
  expires_in!: number;

  @ApiPropertyOptional({
    description: 'Of the grant `refresh_token`, and of a code with the scope `offline_access`.',
  })
  refresh_token?: string;

  @ApiPropertyOptional({ description: 'Of a session at a client: what has been granted.' })
  scope?: string;

  @ApiPropertyOptional({ description: 'Of a code with the scope `openid`.' })
  id_token?: string;
}
