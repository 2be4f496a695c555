import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { authErrors } from '../auth.errors.js';
import { ProofBody, RequestedView, RequestMailBody } from '../mail/mail-proof.dto.js';
import { DELIVERED, TokenResponse } from '../session/session.dto.js';
import { CompleteEmailSignInBody } from './email-sign-in.dto.js';
import { emailSignInErrors } from './email-sign-in.errors.js';
import { SignInByEmail } from './sign-in-by-email.js';

@ApiTags('Authentication')
@Controller('auth/email-sign-in')
export class EmailSignInController {
  constructor(private readonly signIn: SignInByEmail) {}

  @Post('request')
  @HttpCode(202)
  @Public()
  @ApiOperation({ summary: 'Ask for a mail to sign in by; the same for every address' })
  @ApiAcceptedResponse({ type: RequestedView })
  @Throws(emailSignInErrors.off, authErrors.crossSite, throttleErrors.tooManyRequests)
  async request(
    @Body() { email }: RequestMailBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestedView> {
    return RequestedView.of(await this.signIn.request(email, reply));
  }

  @Post('complete')
  @HttpCode(200)
  @Public()
  @ApiOperation({
    summary:
      'Sign in by what the mail holds, in the client that asked: a link takes its ticket or its cookie, too',
  })
  @ApiOkResponse({ type: TokenResponse, description: DELIVERED })
  @Throws(
    emailSignInErrors.off,
    authErrors.crossSite,
    authErrors.invalidCredentials,
    authErrors.secondFactorRequired,
    oneTimeErrors.proofInvalid,
    throttleErrors.tooManyRequests,
  )
  complete(
    @Body() body: CompleteEmailSignInBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const { ticket, delivery } = body;
    return this.signIn.complete({ proof: ProofBody.proofOf(body), ticket, delivery }, reply);
  }
}
