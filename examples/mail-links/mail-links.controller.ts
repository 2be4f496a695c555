import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  type Actor,
  CurrentActor,
  LimitsWrites,
  oneTimeErrors,
  Public,
  signInErrors,
  Throws,
  TokenResponse,
  throttleErrors,
} from '../latchkey/index.js';
import { AskedForLink, AskForLinkBody, RedeemLinkBody } from './mail-links.dto.js';
import { MailLinks } from './mail-links.js';

/** A way to sign in of your own: whoever reads the mail of an address is signed in. */
@ApiTags('Mail links')
@LimitsWrites('own-writes')
@Public()
@Controller('mail-links')
export class MailLinksController {
  constructor(private readonly links: MailLinks) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for a link by mail' })
  @ApiAcceptedResponse({ type: AskedForLink, description: 'Sent, if an account has it' })
  @Throws(throttleErrors.tooManyRequests)
  async ask(
    @Body() { email }: AskForLinkBody,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AskedForLink> {
    return { expiresIn: await this.links.ask(reply, email, actor) };
  }

  @Post('redeem')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in by a link: your page sends what stands behind its #' })
  @ApiOkResponse({ type: TokenResponse, description: 'The session has begun' })
  @Throws(oneTimeErrors.proofInvalid, ...signInErrors)
  redeem(
    @Body() { token, delivery }: RedeemLinkBody,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    return this.links.redeem(reply, token, delivery, actor);
  }
}
