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
  CurrentActor,
  LimitsWrites,
  oneTimeErrors,
  Public,
  RequirePermissions,
  rolesErrors,
  signInErrors,
  Throws,
  TokenResponse,
  UuidParam,
  usersErrors,
} from '../latchkey/index.js';
import { IssuedLink, RedeemLinkBody } from './sign-in-links.dto.js';
import { SignInLinks } from './sign-in-links.js';

/** A way to sign in of your own: whoever opens the link is signed in. */
@ApiTags('Sign-in links')
@LimitsWrites('own-writes')
@Controller('sign-in-links')
export class SignInLinksController {
  constructor(private readonly links: SignInLinks) {}

  @Post('redeem')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Sign in by a link: your page sends what stands behind its #' })
  @ApiOkResponse({ type: TokenResponse, description: 'The session has begun' })
  @Throws(oneTimeErrors.proofInvalid, ...signInErrors)
  redeem(
    @Body() { token, delivery }: RedeemLinkBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    return this.links.redeem(reply, token, delivery);
  }

  @Post(':userId')
  @LimitsWrites('admin-writes') // staff, about others
  @ApiBearerAuth('bearer')
  @RequirePermissions('sign-in-links:issue')
  @ApiOperation({ summary: 'Make a link that signs a user in once' })
  @ApiParam({ name: 'userId', format: 'uuid', description: 'Whom it signs in.' })
  @ApiCreatedResponse({ type: IssuedLink, description: 'It is shown once' })
  @Throws(usersErrors.notFound, rolesErrors.escalation)
  async issue(
    @Param('userId', UuidParam) userId: string,
    @CurrentActor() actor: Actor,
  ): Promise<IssuedLink> {
    const { token, expiresInSeconds } = await this.links.issue(userId, actor);
    return { token, expiresIn: expiresInSeconds };
  }
}
