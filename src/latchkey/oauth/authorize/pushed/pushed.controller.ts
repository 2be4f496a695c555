import { Controller, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../access/access.decorators.js';
import { translateDatabaseError } from '../../../platform/database/translate-database-error.js';
import { requestErrors } from '../../../platform/errors/request.errors.js';
import { translateHttpError } from '../../../platform/errors/translate-http-error.js';
import { AcceptsForms } from '../../../platform/http/bodies/form-bodies.js';
import { Throws } from '../../../platform/http/route.decorators.js';
import { throttleErrors } from '../../../platform/limits/limits.errors.js';
import { Form } from '../../form.js';
import { ClientForm } from '../../oauth.dto.js';
import { oauthErrors } from '../../oauth.errors.js';
import { OAuthErrorFilter } from '../../oauth-error.filter.js';
import { PushedAuthorizationForm } from '../authorize.dto.js';
import { OfSingleSignOn } from '../of-single-sign-on.js';
import { PushRequest } from './push-request.js';
import { PushedRequestResponse } from './pushed.dto.js';

/** The client may say who it is in the form instead. */
const NOTHING = {};

@ApiTags('Single sign-on')
@UseFilters(new OAuthErrorFilter([translateHttpError, translateDatabaseError]))
@OfSingleSignOn()
@Controller('oauth/par')
export class PushedController {
  constructor(private readonly pushRequest: PushRequest) {}

  @Post()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  @Public()
  @AcceptsForms()
  @ApiSecurity(NOTHING)
  @ApiBasicAuth('client')
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({
    summary: 'Push an authorization request, and send the browser with its reference (RFC 9126)',
  })
  @ApiBody({ type: PushedAuthorizationForm })
  @ApiCreatedResponse({ type: PushedRequestResponse })
  @Throws(
    oauthErrors.invalidRequest,
    oauthErrors.invalidClient,
    oauthErrors.invalidScope,
    oauthErrors.invalidTarget,
    oauthErrors.unauthorizedClient,
    throttleErrors.tooManyRequests,
    requestErrors.notFound,
  )
  push(
    @Form(ClientForm) form: ClientForm,
    @Req() { body }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PushedRequestResponse> {
    const given = body instanceof URLSearchParams ? body : new URLSearchParams();
    return this.pushRequest.push(reply, given, form);
  }
}
