import { Body, Controller, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { authErrors } from '../../auth/auth.errors.js';
import { SameSite } from '../../auth/session/same-site.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { AcceptsJson } from '../../platform/http/bodies/body-limits.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { OfSingleSignOn } from '../authorize/of-single-sign-on.js';
import { oauthErrors } from '../oauth.errors.js';
import { SignedOut, SignOutBody, SignOutQuestion } from './end-session.dto.js';
import { EndSignIn } from './end-sign-in.js';
import { ReadSignOutRequest } from './sign-out-request.js';
import { SignOutThrottle } from './sign-out-throttle.js';

/** A request, with what is around it. */
const BODY_BYTES = 20 * 1024;

const REFUSALS = [
  oauthErrors.invalidRequest,
  authErrors.crossSite,
  throttleErrors.tooManyRequests,
  requestErrors.notFound,
] as const;

/**
 * What the sign-out page asks. The browser is known by the cookie of single sign-on, which pages of other sites
 * can neither send nor answer with.
 */
@ApiTags('Single sign-on')
@OfSingleSignOn()
@Controller('auth/sign-out')
export class SignOutController {
  constructor(
    private readonly read: ReadSignOutRequest,
    private readonly endSignIn: EndSignIn,
    private readonly sameSite: SameSite,
    private readonly throttle: SignOutThrottle,
  ) {}

  @Post('question')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Public()
  @AcceptsJson({ bytes: BODY_BYTES })
  @ApiOperation({ summary: 'Who would be signed out at the word of an app' })
  @ApiOkResponse({ type: SignOutQuestion })
  @Throws(...REFUSALS)
  async ask(
    @Body() { request: text }: SignOutBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignOutQuestion> {
    this.sameSite.require(reply.request);
    await this.throttle.count(reply);
    const asked = await this.read.read(new URLSearchParams(text));
    const { client, goOn } = asked;
    return {
      ...(client !== null && { client: { id: client.id, name: client.name } }),
      ...(await this.endSignIn.whoIsHere(reply.request, asked)),
      ...(goOn !== null && { goOn }),
    };
  }

  @Post()
  @HttpCode(200)
  @Public()
  @AcceptsJson({ bytes: BODY_BYTES })
  @ApiOperation({ summary: 'Say yes to it: the sign-in ends here and at every app' })
  @ApiOkResponse({ type: SignedOut })
  @Throws(...REFUSALS)
  async agree(
    @Body() { request: text }: SignOutBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedOut> {
    this.sameSite.require(reply.request);
    await this.throttle.count(reply);
    const asked = await this.read.read(new URLSearchParams(text));
    await this.endSignIn.end(reply, asked);
    return asked.goOn === null ? {} : { goOn: asked.goOn };
  }
}
