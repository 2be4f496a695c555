import { Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import { bearerTokenOf } from '../../access/verification/bearer-token.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { AcceptsForms } from '../../platform/http/bodies/form-bodies.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { OfSingleSignOn } from '../authorize/of-single-sign-on.js';
import { UserinfoResponse } from './userinfo.dto.js';
import { Userinfo } from './userinfo.js';

const SUMMARY = 'What the client has been granted to know of its user (OpenID Connect Core)';
const REFUSALS = [
  accessErrors.unauthenticated,
  accessErrors.tokenInvalid,
  accessErrors.forbidden,
  accessErrors.keysUnavailable,
  accessErrors.revocationUnavailable,
  requestErrors.notFound,
] as const;

/** Said of what is public to the guard. */
const NOTHING = {};

/** Public to the guard: its tokens are for this endpoint and not for the API, and it judges them itself. */
@ApiTags('Single sign-on')
@ApiSecurity(NOTHING)
@ApiBearerAuth('bearer')
@OfSingleSignOn()
@Controller('oauth/userinfo')
export class UserinfoController {
  constructor(private readonly userinfo: Userinfo) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @Public()
  @ApiOperation({ summary: SUMMARY })
  @ApiOkResponse({ type: UserinfoResponse })
  @Throws(...REFUSALS)
  get(@Req() request: FastifyRequest): Promise<UserinfoResponse> {
    return this.answer(request);
  }

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Public()
  @AcceptsForms()
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({
    summary: SUMMARY,
    description: 'The access token is in the header here as well.',
  })
  @ApiOkResponse({ type: UserinfoResponse })
  @Throws(...REFUSALS)
  post(@Req() request: FastifyRequest): Promise<UserinfoResponse> {
    return this.answer(request);
  }

  private async answer(request: FastifyRequest): Promise<UserinfoResponse> {
    const token = bearerTokenOf(request);
    if (token === null) throw accessErrors.unauthenticated();
    return this.userinfo.of(token);
  }
}
