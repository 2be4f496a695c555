import { Controller, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiExtension, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../access/access.decorators.js';
import type { Actor } from '../../../audit/actor.js';
import { CurrentActor } from '../../../audit/current-actor.decorator.js';
import { translateDatabaseError } from '../../../platform/database/translate-database-error.js';
import { requestErrors } from '../../../platform/errors/request.errors.js';
import { translateHttpError } from '../../../platform/errors/translate-http-error.js';
import { Throws } from '../../../platform/http/route.decorators.js';
import { throttleErrors } from '../../../platform/limits/limits.errors.js';
import { OfSingleSignOn } from '../../authorize/of-single-sign-on.js';
import { OAuthErrorFilter } from '../../oauth-error.filter.js';
import { OfRegistration } from './of-registration.js';
import { RegisterClient } from './register-client.js';
import { ClientMetadataBody, RegistrationResponse } from './registration.dto.js';
import { registrationErrors } from './registration.errors.js';
import { RegistrationThrottle } from './registration-throttle.js';

@ApiTags('Single sign-on')
@UseFilters(new OAuthErrorFilter([translateHttpError, translateDatabaseError]))
@OfRegistration()
@OfSingleSignOn()
@Controller('oauth/register')
export class RegistrationController {
  constructor(
    private readonly registerClient: RegisterClient,
    private readonly throttle: RegistrationThrottle,
  ) {}

  @Post()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  @Public()
  @ApiExtension('x-oauth', true)
  @ApiOperation({ summary: 'An app registers itself, as a public client of nobody’s (RFC 7591)' })
  @ApiBody({ type: ClientMetadataBody })
  @ApiCreatedResponse({ type: RegistrationResponse })
  @Throws(
    registrationErrors.invalidClientMetadata,
    registrationErrors.invalidRedirectUri,
    throttleErrors.tooManyRequests,
    requestErrors.notFound,
  )
  async register(
    @Req() { body }: FastifyRequest,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegistrationResponse> {
    await this.throttle.count(reply);
    return this.registerClient.register(body, actor);
  }
}
