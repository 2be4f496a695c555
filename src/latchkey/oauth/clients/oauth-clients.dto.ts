import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
} from 'class-validator';
import { IsLine, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsRoleName } from '../../roles/role-name.js';
import { ID_TOKEN_ALGORITHMS, type IdTokenAlgorithm } from '../id-tokens/id-token-algorithm.js';
import { IsScopeName } from '../resources/resource-scope-name.js';
import {
  CLIENT_STATUSES,
  CLIENT_TYPES,
  type ClientStatus,
  type ClientType,
} from './oauth-client.entity.js';
import { IsPublicJwks, JWKS_SCHEMA, type PublicJwks } from './public-jwks.js';
import { IsRedirectUri, IsServerAddress } from './redirect-uri.js';
import { SCOPES } from './scopes.js';

export const MAX_CLIENT_NAME_LENGTH = 100;
export const MAX_ROLES_PER_CLIENT = 100;
const MAX_SCOPES_PER_CLIENT = 100;

const MAX_REDIRECT_URIS = 20;

/** Where a client's users are sent, each address as it is written. */
function IsRedirectUris(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: [String],
      maxItems: MAX_REDIRECT_URIS,
      example: ['https://app.example.com/callback'],
      description,
    }),
    MayBeAbsent(),
    IsArray(),
    ArrayMaxSize(MAX_REDIRECT_URIS),
    ArrayUnique(),
    IsRedirectUri({ each: true }),
  );
}

const KEYS_IN_PLACE_OF_A_SECRET =
  'The public keys that it authenticates by (`private_key_jwt`), in place of a secret: P-256, or RSA with 2048 bits or more.';

/** What an app is registered with, all of it optional: a service needs none. */
class AppFields {
  @IsRedirectUris(
    'Where users are sent back to with an answer, compared to the letter; the port is free on `127.0.0.1`, `[::1]` and `localhost`.',
  )
  redirectUris?: string[];

  @IsRedirectUris('Where users may be sent to after signing out.')
  postLogoutRedirectUris?: string[];

  @ApiPropertyOptional({
    type: String,
    format: 'uri',
    nullable: true,
    example: 'https://app.example.com/backchannel-logout',
    description:
      'Where the client is told, server to server, that a session at it is over (OpenID Connect Back-Channel Logout 1.0).',
  })
  @IsOptional()
  @IsServerAddress()
  backchannelLogoutUri?: string | null;

  @ApiPropertyOptional({
    enum: ID_TOKEN_ALGORITHMS,
    default: 'RS256',
    description:
      'What its ID tokens and logout tokens are signed by: `RS256`, or what `JWT_ALGORITHM` is.',
  })
  @MayBeAbsent()
  @IsIn(ID_TOKEN_ALGORITHMS)
  idTokenSignedResponseAlg?: IdTokenAlgorithm;

  @ApiPropertyOptional({
    description:
      'The product’s own: nobody is asked for consent, and its tokens are for this API. Takes the permission `*`.',
  })
  @MayBeAbsent()
  @IsBoolean()
  firstParty?: boolean;

  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_SCOPES_PER_CLIENT,
    example: ['openid', 'email'],
    description: `What it may ask for: ${SCOPES.map((name) => `\`${name}\``).join(', ')}, and the scopes of resources.`,
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_SCOPES_PER_CLIENT)
  @ArrayUnique()
  @IsScopeName({ each: true })
  scopes?: string[];
}

export const DEVICE_FLOW =
  'It may sign in people who use another device, such as a television or a command line (RFC 8628).';
export const REQUIRE_PUSHED =
  'Its authorization requests have to be pushed to `/oauth/par` first (RFC 9126).';

/** By which flows it gets tokens of its users. */
class FlowFields extends AppFields {
  @ApiPropertyOptional({ description: DEVICE_FLOW })
  @MayBeAbsent()
  @IsBoolean()
  deviceFlow?: boolean;

  @ApiPropertyOptional({ description: REQUIRE_PUSHED })
  @MayBeAbsent()
  @IsBoolean()
  requirePushedAuthorizationRequests?: boolean;
}

export class CreateClientBody extends FlowFields {
  @ApiPropertyOptional({ ...JWKS_SCHEMA, description: KEYS_IN_PLACE_OF_A_SECRET })
  @IsOptional()
  @IsPublicJwks()
  jwks: PublicJwks | null = null;

  @ApiProperty({ minLength: 1, maxLength: MAX_CLIENT_NAME_LENGTH, example: 'billing' })
  @IsLine({ min: 1, max: MAX_CLIENT_NAME_LENGTH })
  name!: string;

  @ApiProperty({
    type: [String],
    maxItems: MAX_ROLES_PER_CLIENT,
    example: [],
    description: 'What its own access tokens say, among the roles that the caller holds.',
  })
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_CLIENT)
  @IsRoleName({ each: true })
  roles!: string[];

  @ApiPropertyOptional({
    enum: CLIENT_TYPES,
    default: 'confidential',
    description: '`public`: it runs where users could read a secret, and has none.',
  })
  @MayBeAbsent()
  @IsIn(CLIENT_TYPES)
  type: ClientType = 'confidential';

  override redirectUris: string[] = [];
  override postLogoutRedirectUris: string[] = [];
  override backchannelLogoutUri: string | null = null;
  override idTokenSignedResponseAlg: IdTokenAlgorithm = 'RS256';
  override firstParty: boolean = false;
  override scopes: string[] = [];
  override deviceFlow: boolean = false;
  override requirePushedAuthorizationRequests: boolean = false;
}

export class ChangeClientBody extends FlowFields {
  @ApiPropertyOptional({ ...JWKS_SCHEMA, description: KEYS_IN_PLACE_OF_A_SECRET })
  @MayBeAbsent()
  @IsPublicJwks()
  jwks?: PublicJwks;

  @ApiPropertyOptional({ minLength: 1, maxLength: MAX_CLIENT_NAME_LENGTH, example: 'billing' })
  @MayBeAbsent()
  @IsLine({ min: 1, max: MAX_CLIENT_NAME_LENGTH })
  name?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_ROLES_PER_CLIENT,
    example: [],
    description: 'Every role that it is to hold: those not named are taken away.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_CLIENT)
  @IsRoleName({ each: true })
  roles?: string[];

  @ApiPropertyOptional({ enum: CLIENT_STATUSES, example: 'active' })
  @MayBeAbsent()
  @IsIn(CLIENT_STATUSES)
  status?: ClientStatus;
}

export const MAX_FORMER_SECRET_SECONDS = 604_800;

export class RotateClientSecretBody {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_FORMER_SECRET_SECONDS,
    default: 0,
    description:
      'For how long the former secret opens as well, until every instance of the service has the new one. With 0 the access tokens issued so far are refused, too.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_FORMER_SECRET_SECONDS)
  formerValidSeconds: number = 0;
}
