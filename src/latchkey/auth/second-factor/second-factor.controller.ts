import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Public } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import type { Principal } from '../../access/principal.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import { passwordsErrors } from '../../users/passwords/passwords.errors.js';
import { authErrors } from '../auth.errors.js';
import { DELIVERED, TokenResponse } from '../session/session.dto.js';
import { requireUser } from '../session/sessions-of-request.js';
import { SecondFactorBody, StepUpBody, StepUpResponse } from './second-factor.dto.js';
import { SecondFactorSignIn } from './second-factor-sign-in.js';
import { StepUp } from './step-up.js';

/** Where a factor is shown besides the first one, or again. */
@ApiTags('Authentication')
@LimitsWrites('session-writes')
@Controller('auth')
export class SecondFactorController {
  constructor(
    private readonly signIn: SecondFactorSignIn,
    private readonly stepUp: StepUp,
  ) {}

  @Post('login/second-factor')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Go on with a sign-in that was answered `auth.second_factor_required`' })
  @ApiOkResponse({ type: TokenResponse, description: DELIVERED })
  @Throws(
    oneTimeErrors.proofInvalid,
    authErrors.factorInvalid,
    factorsErrors.locked,
    authErrors.invalidCredentials,
    authErrors.emailUnverified,
    authErrors.crossSite,
    authErrors.secondFactorRequired,
    passwordsErrors.busy,
    throttleErrors.tooManyRequests,
  )
  async complete(
    @Body() body: SecondFactorBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    return this.signIn.complete(reply, body);
  }

  @Post('step-up')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Show a factor again, or another one: the same session, a new access token',
  })
  @ApiOkResponse({ type: StepUpResponse })
  @Throws(
    authErrors.invalidCredentials,
    authErrors.factorInvalid,
    factorsErrors.locked,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
    usersErrors.notFound,
    passwordsErrors.busy,
    throttleErrors.tooManyRequests,
  )
  async raise(
    @CurrentUser() principal: Principal,
    @Body() body: StepUpBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StepUpResponse> {
    requireUser(principal);
    return this.stepUp.stepUp(reply, principal, body);
  }
}
