import { Controller, Get, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { SsoBrowser } from '../../auth/session/sso-browser.js';
import { translateDatabaseError } from '../../platform/database/translate-database-error.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { translateHttpError } from '../../platform/errors/translate-http-error.js';
import { AcceptsForms } from '../../platform/http/bodies/form-bodies.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { OfSingleSignOn } from '../authorize/of-single-sign-on.js';
import { Places } from '../authorize/places.js';
import { parametersSent } from '../form.js';
import { oauthErrors } from '../oauth.errors.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { carriedOn, ReadSignOutRequest } from './sign-out-request.js';
import { SignOutThrottle } from './sign-out-throttle.js';

const LEADS_ON = {
  status: 303,
  description: 'To a page that asks first; where nobody is signed in, to the client',
  headers: { Location: { schema: { type: 'string' as const }, description: 'Where to' } },
};

/** Where clients send browsers that are to be signed out (OpenID Connect RP-Initiated Logout 1.0). */
@ApiTags('Single sign-on')
@UseFilters(new OAuthErrorFilter([translateHttpError, translateDatabaseError]))
@OfSingleSignOn()
@Controller('oauth/end-session')
export class EndSessionController {
  constructor(
    private readonly read: ReadSignOutRequest,
    private readonly browser: SsoBrowser,
    private readonly places: Places,
    private readonly throttle: SignOutThrottle,
  ) {}

  @Get()
  @HttpCode(303)
  @Header('Cache-Control', 'no-store')
  @Public()
  @RouteConfig({ cors: false })
  @ApiOperation({ summary: 'Sign out at the word of an app, which the person is asked about' })
  @ApiResponse(LEADS_ON)
  @Throws(oauthErrors.invalidRequest, throttleErrors.tooManyRequests, requestErrors.notFound)
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.throttle.count(reply);
    await reply.redirect(await this.lead(request), 303);
  }

  @Post()
  @HttpCode(303)
  @Header('Cache-Control', 'no-store')
  @Public()
  @AcceptsForms()
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({ summary: 'The same by a form' })
  @ApiResponse(LEADS_ON)
  @Throws(oauthErrors.invalidRequest, throttleErrors.tooManyRequests, requestErrors.notFound)
  async post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.throttle.count(reply);
    await reply.redirect(await this.lead(request), 303);
  }

  /** A form of another site comes without the cookie: only the page can tell who is signed in. */
  private async lead(request: FastifyRequest): Promise<string> {
    const given = parametersSent(request);
    const page = this.places.signOut(carriedOn(given));
    try {
      const { goOn } = await this.read.read(given);
      if (goOn === null || request.method === 'POST') return page;
      return (await this.browser.find(request)) === null ? goOn : page;
    } catch (error) {
      // Somebody at a browser is told on the page, which asks the same.
      if (!oauthErrors.invalidRequest.is(error) || !expectsPage(request)) throw error;
      return page;
    }
  }
}

function expectsPage({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.includes('text/html');
}
