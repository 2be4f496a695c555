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
import { AskedForCode, AskForCodeBody, RedeemCodeBody } from './sms-codes.dto.js';
import { SmsCodes } from './sms-codes.js';

/** A way to sign in of your own: whoever reads the messages of a number is signed in. */
@ApiTags('SMS codes')
@LimitsWrites('own-writes')
@Public()
@Controller('sms-codes')
export class SmsCodesController {
  constructor(private readonly codes: SmsCodes) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for a code by SMS' })
  @ApiAcceptedResponse({ type: AskedForCode, description: 'Sent, if an account has the number' })
  @Throws(throttleErrors.tooManyRequests)
  async ask(
    @Body() { phone }: AskForCodeBody,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AskedForCode> {
    const { ticket, expiresInSeconds } = await this.codes.ask(reply, phone, actor);
    return { ticket, expiresIn: expiresInSeconds };
  }

  @Post('redeem')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in by the code and the ticket' })
  @ApiOkResponse({ type: TokenResponse, description: 'The session has begun' })
  @Throws(oneTimeErrors.proofInvalid, ...signInErrors)
  redeem(
    @Body() { ticket, code, delivery }: RedeemCodeBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    return this.codes.redeem(reply, { ticket, code }, delivery);
  }
}
