import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  type Actor,
  CompleteSignIn,
  CurrentActor,
  LimitsWrites,
  Public,
  RequirePermissions,
  rolesErrors,
  SignInAttempts,
  signInErrors,
  Throws,
  TokenResponse,
  UuidParam,
  usersErrors,
} from '../latchkey/index.js';
import { EnterBody, IssuedDoorCode } from './door-codes.dto.js';
import { DOOR_CODE, DoorCodes } from './door-codes.js';

/**
 * A way to sign in of your own: the desk hands out a code, and the person who shows it is signed
 * in.
 */
@ApiTags('Door')
@LimitsWrites('own-writes')
@Controller('door')
export class DoorCodesController {
  constructor(
    private readonly codes: DoorCodes,
    private readonly attempts: SignInAttempts,
    private readonly signIn: CompleteSignIn,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Sign in by a code of the desk' })
  @ApiOkResponse({ type: TokenResponse, description: 'The session has begun' })
  @Throws(...signInErrors)
  async enter(
    @Body() { email, code, delivery }: EnterBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const account = await this.attempts.attempt(reply, {
      email,
      delivery,
      isProven: (account) => this.codes.redeem(account?.id, code),
      failure: 'wrong_code',
    });
    return this.signIn.complete(reply, { account, factors: [DOOR_CODE.shown()], delivery });
  }

  @Post('codes/:userId')
  @ApiBearerAuth('bearer')
  @RequirePermissions('door:issue')
  @ApiOperation({ summary: 'Issue a code that signs a user in once' })
  @ApiParam({ name: 'userId', format: 'uuid', description: 'Whom it signs in.' })
  @ApiCreatedResponse({ type: IssuedDoorCode, description: 'The code' })
  @Throws(usersErrors.notFound, rolesErrors.escalation)
  async issue(
    @Param('userId', UuidParam) userId: string,
    @CurrentActor() actor: Actor,
  ): Promise<IssuedDoorCode> {
    const { code, validUntil } = await this.codes.issue(userId, actor);
    return { code, validUntil: validUntil.toISOString() };
  }
}
