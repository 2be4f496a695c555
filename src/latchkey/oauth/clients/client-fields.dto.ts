import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { ID_TOKEN_ALGORITHMS, type IdTokenAlgorithm } from '../id-tokens/id-token-algorithm.js';
import { IsScopeName } from '../resources/resource-scope-name.js';
import { KeysByValue } from './keys-by-value.js';
import { IsRedirectUri, IsServerAddress } from './redirect-uri.js';
import { SCOPES } from './scopes.js';

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
class AppFields extends KeysByValue {
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
export class FlowFields extends AppFields {
  @ApiPropertyOptional({ description: DEVICE_FLOW })
  @MayBeAbsent()
  @IsBoolean()
  deviceFlow?: boolean;

  @ApiPropertyOptional({ description: REQUIRE_PUSHED })
  @MayBeAbsent()
  @IsBoolean()
  requirePushedAuthorizationRequests?: boolean;
}
