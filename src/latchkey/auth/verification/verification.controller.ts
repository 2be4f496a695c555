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
import { ConfirmAddress } from './confirm-address.js';
import { ConfirmAddressBody } from './verification.dto.js';
import { verificationErrors } from './verification.errors.js';

@ApiTags('Authentication')
@Controller('auth/email-verification')
export class VerificationController {
  constructor(private readonly address: ConfirmAddress) {}

  @Post('request')
  @HttpCode(202)
  @Public()
  @ApiOperation({ summary: 'Ask for the mail by which an address is verified, once more' })
  @ApiAcceptedResponse({ type: RequestedView })
  @Throws(verificationErrors.off, authErrors.crossSite, throttleErrors.tooManyRequests)
  async request(
    @Body() { email }: RequestMailBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestedView> {
    return RequestedView.of(await this.address.request(email, reply));
  }

  @Post('confirm')
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'Verify an address by what the mail holds' })
  @ApiNoContentResponse({ description: 'Verified' })
  @Throws(
    verificationErrors.off,
    verificationErrors.passwordNeeded,
    authErrors.crossSite,
    authErrors.invalidCredentials,
    oneTimeErrors.proofInvalid,
    throttleErrors.tooManyRequests,
    passwordsErrors.busy,
    passwordsErrors.checkUnavailable,
  )
  confirm(
    @Body() body: ConfirmAddressBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const owners = ConfirmAddressBody.passwordOf(body);
    return this.address.confirm(ProofBody.proofOf(body), owners, reply);
  }
}
