import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Public, RequireFreshSignIn } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import type { Principal } from '../../access/principal.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { authErrors } from '../auth.errors.js';
import { LinkBody, ProofBody, RequestedView } from '../mail/mail-proof.dto.js';
import { requireUser } from '../session/sessions-of-request.js';
import { ChangeEmail } from './change-email.js';
import { RequestEmailChangeBody } from './email-change.dto.js';
import { emailChangeErrors } from './email-change.errors.js';
import { UndoEmailChange } from './undo-email-change.js';

@ApiTags('Own account')
@Controller('auth/email-change')
export class EmailChangeController {
  constructor(
    private readonly change: ChangeEmail,
    private readonly undoChange: UndoEmailChange,
  ) {}

  @Post('request')
  @HttpCode(202)
  @LimitsWrites('own-writes')
  @RequireFreshSignIn()
  @ApiOperation({
    summary: 'Ask for another address: the new mailbox confirms; the same for a taken one',
  })
  @ApiAcceptedResponse({ type: RequestedView })
  @Throws(
    emailChangeErrors.off,
    accessErrors.forbidden,
    usersErrors.notFound,
    throttleErrors.tooManyRequests,
  )
  async request(
    @Body() { newEmail }: RequestEmailChangeBody,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestedView> {
    requireUser(principal);
    return RequestedView.of(await this.change.request(newEmail, principal, reply));
  }

  @Post('confirm')
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'Make the new address that of the account, by what the mail holds' })
  @ApiNoContentResponse({ description: 'Changed; the former mailbox is told' })
  @Throws(authErrors.crossSite, oneTimeErrors.proofInvalid, throttleErrors.tooManyRequests)
  confirm(@Body() body: ProofBody, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    return this.change.confirm(ProofBody.proofOf(body), reply);
  }

  @Post('undo')
  @HttpCode(204)
  @Public()
  @ApiOperation({
    summary: 'Take the former address back, by the link that its mailbox got; every session ends',
  })
  @ApiNoContentResponse({ description: 'Taken back; a mail lets the owner set a new password' })
  @Throws(authErrors.crossSite, oneTimeErrors.proofInvalid, throttleErrors.tooManyRequests)
  undo(
    @Body() { token }: LinkBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.undoChange.undo(token, reply);
  }
}
