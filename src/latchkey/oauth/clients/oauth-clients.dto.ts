import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  Max,
  Min,
} from 'class-validator';
import { IsLine, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsRoleName } from '../../roles/role-name.js';
import { IsScopeName } from '../resources/resource-scope-name.js';
import type { ClientRow } from './client-store.js';
import {
  CLIENT_STATUSES,
  CLIENT_TYPES,
  type ClientStatus,
  type ClientType,
} from './oauth-client.entity.js';
import { IsRedirectUri } from './redirect-uri.js';
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

/** What an app is registered with, all of it optional: a service needs none. */
class AppFields {
  @IsRedirectUris(
    'Where users are sent back to with an answer, compared to the letter; the port is free on `127.0.0.1`, `[::1]` and `localhost`.',
  )
  redirectUris?: string[];

  @IsRedirectUris('Where users may be sent to after signing out.')
  postLogoutRedirectUris?: string[];

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

const DEVICE_FLOW =
  'It may sign in people who use another device, such as a television or a command line (RFC 8628).';
const REQUIRE_PUSHED =
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
  override firstParty: boolean = false;
  override scopes: string[] = [];
  override deviceFlow: boolean = false;
  override requirePushedAuthorizationRequests: boolean = false;
}

export class ChangeClientBody extends FlowFields {
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

/** A client as admins see it: its secret is told once, when it is made. */
export class ClientView {
  @ApiProperty({ format: 'uuid', description: '`client_id`' })
  id!: string;

  @ApiProperty({ example: 'billing' })
  name!: string;

  @ApiProperty({ enum: CLIENT_STATUSES })
  status!: ClientStatus;

  @ApiProperty({ enum: CLIENT_TYPES })
  type!: ClientType;

  @ApiProperty({ type: [String], example: ['auditor'] })
  roles!: string[];

  @ApiProperty({ type: [String], example: ['https://app.example.com/callback'] })
  redirectUris!: string[];

  @ApiProperty({ type: [String] })
  postLogoutRedirectUris!: string[];

  @ApiProperty()
  firstParty!: boolean;

  @ApiProperty({ type: [String], example: ['openid', 'email'] })
  scopes!: string[];

  @ApiProperty({ description: DEVICE_FLOW })
  deviceFlow!: boolean;

  @ApiProperty({ description: REQUIRE_PUSHED })
  requirePushedAuthorizationRequests!: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until when the secret before the last one opens as well.',
  })
  formerSecretUntil!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  static of({ createdAt, formerSecretUntil, ...row }: ClientRow): ClientView {
    return {
      ...row,
      formerSecretUntil: formerSecretUntil?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
    };
  }
}

export class ClientWithSecret extends ClientView {
  @ApiPropertyOptional({
    description:
      '`client_secret`. Keep it now: it is stored only as a hash. A public client has none.',
  })
  secret?: string;
}
