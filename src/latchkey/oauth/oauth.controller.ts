import { Controller, Header, HttpCode, Post, Res, UseFilters } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/access.decorators.js';
import { accessErrors } from '../access/access.errors.js';
import type { Actor } from '../audit/actor.js';
import { CurrentActor } from '../audit/current-actor.decorator.js';
import { translateDatabaseError } from '../platform/database/translate-database-error.js';
import { translateHttpError } from '../platform/errors/translate-http-error.js';
import { AcceptsForms } from '../platform/http/bodies/form-bodies.js';
import { Throws } from '../platform/http/route.decorators.js';
import { throttleErrors } from '../platform/limits/limits.errors.js';
import { SingleSignOnConfig } from '../tokens/sessions/sso/single-sign-on.config.js';
import { tokensErrors } from '../tokens/sessions/tokens.errors.js';
import { AuthenticateClient } from './authenticate-client.js';
import { AuthorizationCodeGrant } from './authorize/authorization-code-grant.js';
import { ClientCredentialsGrant } from './client-credentials-grant.js';
import { ClientThrottle } from './client-throttle.js';
import { DeviceCodeGrant } from './device/device-code-grant.js';
import { Form } from './form.js';
import type { Grant } from './grant.js';
import { IntrospectToken } from './introspect-token.js';
import {
  type GrantType,
  Introspection,
  OAuthTokenResponse,
  ShownToken,
  TokenRequest,
} from './oauth.dto.js';
import { oauthErrors } from './oauth.errors.js';
import { OAuthErrorFilter } from './oauth-error.filter.js';
import { RefreshTokenGrant } from './refresh-token-grant.js';
import { RevokeToken } from './revoke-token.js';

const FORM = 'application/x-www-form-urlencoded';

/** The client may say who it is in the form instead. */
const NOTHING = {};

const WITHOUT_SINGLE_SIGN_ON = ['client_credentials', 'refresh_token'];

/** What services ask, in the words of OAuth 2.0. They show their own secret and no access token. */
@ApiTags('Services')
@ApiConsumes(FORM)
@ApiSecurity(NOTHING)
@ApiBasicAuth('client')
@UseFilters(new OAuthErrorFilter([translateHttpError, translateDatabaseError]))
@Controller('oauth')
export class OAuthController {
  private readonly grants: ReadonlyMap<string, Grant>;

  constructor(
    authorizationCode: AuthorizationCodeGrant,
    clientCredentials: ClientCredentialsGrant,
    deviceCode: DeviceCodeGrant,
    refreshToken: RefreshTokenGrant,
    private readonly authentication: AuthenticateClient,
    private readonly introspectToken: IntrospectToken,
    private readonly revokeToken: RevokeToken,
    private readonly throttle: ClientThrottle,
    private readonly singleSignOn: SingleSignOnConfig,
  ) {
    const grants: Record<GrantType, Grant> = {
      authorization_code: authorizationCode,
      client_credentials: clientCredentials,
      refresh_token: refreshToken,
      'urn:ietf:params:oauth:grant-type:device_code': deviceCode,
    };
    this.grants = new Map(Object.entries(grants));
  }

  @Post('token')
  @HttpCode(200)
  @Header('Pragma', 'no-cache')
  @Public()
  @AcceptsForms()
  @ApiOperation({
    summary: 'An access token for a service, or the next tokens of a session (RFC 6749)',
  })
  @ApiBody({ type: TokenRequest })
  @ApiOkResponse({ type: OAuthTokenResponse })
  @Throws(
    ...Object.values(oauthErrors),
    ...Object.values(tokensErrors),
    throttleErrors.tooManyRequests,
  )
  async token(
    @Form(TokenRequest) form: TokenRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OAuthTokenResponse> {
    const isOff = !this.singleSignOn.isOn && !WITHOUT_SINGLE_SIGN_ON.includes(form.grant_type);
    const grant = isOff ? undefined : this.grants.get(form.grant_type);
    if (grant === undefined) throw oauthErrors.unsupportedGrantType();
    return grant.issue(reply, form);
  }

  @Post('introspect')
  @HttpCode(200)
  @Public()
  @AcceptsForms()
  @ApiOperation({ summary: 'Whether a token is live, and what it says (RFC 7662)' })
  @ApiBody({ type: ShownToken })
  @ApiOkResponse({ type: Introspection })
  @Throws(
    oauthErrors.invalidRequest,
    oauthErrors.invalidClient,
    throttleErrors.tooManyRequests,
    accessErrors.keysUnavailable,
    accessErrors.revocationUnavailable,
  )
  async introspect(
    @Form(ShownToken) form: ShownToken,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Introspection> {
    const client = await this.authentication.authenticate(reply, form);
    await this.throttle.countIntrospection(reply, client.id);
    return this.introspectToken.introspect(form, client.id);
  }

  @Post('revoke')
  @HttpCode(200)
  @Public()
  @AcceptsForms()
  @ApiOperation({ summary: 'Revoke a token that was issued to the client (RFC 7009)' })
  @ApiBody({ type: ShownToken })
  @ApiOkResponse({ description: 'It is not live, or not any more' })
  @Throws(
    oauthErrors.invalidRequest,
    oauthErrors.invalidClient,
    oauthErrors.unauthorizedClient,
    throttleErrors.tooManyRequests,
    accessErrors.keysUnavailable,
  )
  async revoke(
    @Form(ShownToken) form: ShownToken,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const client = await this.authentication.authenticateAny(reply, form);
    await this.throttle.countRevocation(reply, client.id);
    await this.revokeToken.revoke(form.token, client, { ...actor, userId: client.id });
  }
}
