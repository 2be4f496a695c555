import { Controller, Get, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { addressBlock } from '../../audit/address-block.js';
import { RequestQuota } from '../../auth/throttling/request-quota.js';
import { ThrottleConfig } from '../../auth/throttling/throttle.config.js';
import { translateDatabaseError } from '../../platform/database/translate-database-error.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { translateHttpError } from '../../platform/errors/translate-http-error.js';
import { AcceptsForms } from '../../platform/http/bodies/form-bodies.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { Counters } from '../../platform/limits/counters.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { parametersSent } from '../form.js';
import { oauthErrors } from '../oauth.errors.js';
import { AuthorizationForm, TakesRequestInQuery } from './authorize.dto.js';
import { Authorize } from './authorize.js';
import { BrowserErrorFilter } from './browser-error.filter.js';
import { OfSingleSignOn } from './of-single-sign-on.js';

const LEADS_ON = {
  status: 303,
  description: 'To the client with a code or an error, or to a page that asks first',
  headers: { Location: { schema: { type: 'string' as const }, description: 'Where to' } },
};

/** Where browsers are sent by apps that people sign in at. */
@ApiTags('Single sign-on')
@UseFilters(new BrowserErrorFilter([translateHttpError, translateDatabaseError]))
@OfSingleSignOn()
@Controller('oauth/authorize')
export class AuthorizeController {
  private readonly requests: RequestQuota;

  constructor(
    private readonly authorize: Authorize,
    counters: Counters,
    config: ThrottleConfig,
  ) {
    const quota = config.addressAuthorizations;
    this.requests = new RequestQuota(counters, config, { name: 'authorize-address', quota });
  }

  @Get()
  @HttpCode(303)
  @Header('Cache-Control', 'no-store')
  @Public()
  @RouteConfig({ cors: false })
  @TakesRequestInQuery()
  @ApiOperation({
    summary: 'Ask for a code for whoever is signed in (OAuth 2.1, OpenID Connect Core)',
  })
  @ApiResponse(LEADS_ON)
  @Throws(oauthErrors.invalidRequest, throttleErrors.tooManyRequests, requestErrors.notFound)
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(request, reply);
  }

  @Post()
  @HttpCode(303)
  @Header('Cache-Control', 'no-store')
  @Public()
  @AcceptsForms()
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: AuthorizationForm })
  @ApiOperation({ summary: 'The same by a form' })
  @ApiResponse(LEADS_ON)
  @Throws(oauthErrors.invalidRequest, throttleErrors.tooManyRequests, requestErrors.notFound)
  async post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(request, reply);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const given = parametersSent(request);
    await this.requests.require(reply, addressBlock(request.ip));
    const location = await this.authorize.lead(request, given);
    await reply.redirect(location, 303);
  }
}
