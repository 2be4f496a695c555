import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsLine, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsRoleName } from '../../roles/role-name.js';
import { type IdTokenAlgorithm } from '../id-tokens/id-token-algorithm.js';
import { FlowFields } from './client-fields.dto.js';
import {
  CLIENT_STATUSES,
  CLIENT_TYPES,
  type ClientStatus,
  type ClientType,
} from './oauth-client.entity.js';
import { IsPublicJwks, JWKS_SCHEMA, type PublicJwks } from './public-jwks.js';

export const MAX_CLIENT_NAME_LENGTH = 100;
export const MAX_ROLES_PER_CLIENT = 100;
const KEYS_IN_PLACE_OF_A_SECRET =
  'The public keys that it authenticates by (`private_key_jwt`), in place of a secret: P-256, or RSA with 2048 bits or more.';

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
