import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ID_TOKEN_ALGORITHMS, type IdTokenAlgorithm } from '../id-tokens/id-token-algorithm.js';
import { DEVICE_FLOW, REQUIRE_PUSHED } from './client-fields.dto.js';
import type { ClientRow } from './client-store.js';
import {
  CLIENT_STATUSES,
  CLIENT_TYPES,
  type ClientStatus,
  type ClientType,
} from './oauth-client.entity.js';
import { JWKS_SCHEMA, type PublicJwks } from './public-jwks.js';

const AUTHENTICATION_METHODS = ['client_secret', 'private_key_jwt', 'none'] as const;
type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number];

function methodOf({ type, jwks }: Pick<ClientRow, 'type' | 'jwks'>): AuthenticationMethod {
  if (type === 'public') return 'none';
  return jwks === null ? 'client_secret' : 'private_key_jwt';
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

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where it says who it is, which is its `client_id`: nobody has registered it.',
  })
  metadataUri!: string | null;

  @ApiProperty({
    description: 'It has registered itself (`DYNAMIC_CLIENT_REGISTRATION`): nobody else has.',
  })
  selfRegistered!: boolean;

  @ApiProperty({ type: [String], example: ['auditor'] })
  roles!: string[];

  @ApiProperty({ type: [String], example: ['https://app.example.com/callback'] })
  redirectUris!: string[];

  @ApiProperty({ type: [String] })
  postLogoutRedirectUris!: string[];

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  backchannelLogoutUri!: string | null;

  @ApiProperty({ enum: ID_TOKEN_ALGORITHMS })
  idTokenSignedResponseAlg!: IdTokenAlgorithm;

  @ApiProperty({ ...JWKS_SCHEMA, nullable: true })
  jwks!: PublicJwks | null;

  @ApiProperty({
    enum: AUTHENTICATION_METHODS,
    description: '`client_secret`: by HTTP Basic or in the form.',
  })
  tokenEndpointAuthMethod!: AuthenticationMethod;

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
      tokenEndpointAuthMethod: methodOf(row),
      formerSecretUntil: formerSecretUntil?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
    };
  }
}

export class ClientWithSecret extends ClientView {
  @ApiPropertyOptional({
    description:
      '`client_secret`. Keep it now: it is stored only as a hash. A public client has none, nor one with `jwks`.',
  })
  secret?: string;
}
