import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { passwordsErrors } from '../../users/passwords/passwords.errors.js';
import { authErrors } from '../auth.errors.js';
import { ProofBody, RequestedView, RequestMailBody } from '../mail/mail-proof.dto.js';
import { RecoverAccount } from './recover-account.js';
import { CompleteRecoveryBody } from './recovery.dto.js';
import { recoveryErrors } from './recovery.errors.js';

@ApiTags('Authentication')
@Controller('auth/recovery')
export class RecoveryController {
  constructor(private readonly recovery: RecoverAccount) {}

  @Post('request')
  @HttpCode(202)
  @Public()
  @ApiOperation({ summary: 'Ask for a new password, by mail; the same for every address' })
  @ApiAcceptedResponse({ type: RequestedView })
  @Throws(recoveryErrors.off, authErrors.crossSite, throttleErrors.tooManyRequests)
  async request(
    @Body() { email }: RequestMailBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestedView> {
    return RequestedView.of(await this.recovery.request(email, reply));
  }

  @Post('complete')
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'Set a new password by what the mail holds; every session ends' })
  @ApiNoContentResponse({ description: 'Set: sign in by it' })
  @Throws(
    recoveryErrors.off,
    authErrors.crossSite,
    oneTimeErrors.proofInvalid,
    throttleErrors.tooManyRequests,
    passwordsErrors.busy,
    passwordsErrors.checkUnavailable,
  )
  complete(
    @Body() body: CompleteRecoveryBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.recovery.complete(ProofBody.proofOf(body), body.newPassword, reply);
  }
}
