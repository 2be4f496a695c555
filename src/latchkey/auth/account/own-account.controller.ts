import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { type Page, PageQuery, pageOf } from '../../platform/http/answers/page.js';
import { AnswersFromMemory, Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { SessionDirectory } from '../../tokens/sessions/session-directory.js';
import { RevokedSessions } from '../../tokens/sessions/sessions.dto.js';
import { sessionsErrors } from '../../tokens/sessions/tokens.errors.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { passwordsErrors } from '../../users/passwords/passwords.errors.js';
import { authErrors } from '../auth.errors.js';
import { FreshSignIn } from '../second-factor/fresh-sign-in.js';
import { DELIVERED, TokenResponse } from '../session/session.dto.js';
import { requireUser } from '../session/sessions-of-request.js';
import { SignOut } from '../session/sign-out.js';
import { TokenDelivery } from '../session/token-delivery.js';
import { KnownDevices } from '../sign-in/known-devices.js';
import { ChangePasswordBody, MeView, OwnSessionView } from './account.dto.js';
import { ChangeOwnPassword } from './change-password.js';
import { PasswordChangeThrottle } from './password-change-throttle.js';

/** What a signed-in user does with their own sessions and password. */
@ApiTags('Own account')
@LimitsWrites('session-writes')
@Controller('auth')
export class OwnAccountController {
  constructor(
    private readonly sessions: SessionDirectory,
    private readonly signOut: SignOut,
    private readonly changePassword: ChangeOwnPassword,
    private readonly delivery: TokenDelivery,
    private readonly throttle: PasswordChangeThrottle,
    private readonly knownDevices: KnownDevices,
    private readonly freshSignIn: FreshSignIn,
  ) {}

  @Get('me')
  @AnswersFromMemory()
  @ApiOperation({ summary: 'What the access token says' })
  @ApiOkResponse({ type: MeView })
  me(@CurrentUser() principal: Principal): MeView {
    return MeView.of(principal);
  }

  @Get('sessions')
  @ApiOperation({ summary: 'The caller’s live sessions' })
  @ApiOkResponse({ type: pageOf(OwnSessionView) })
  async list(
    @CurrentUser() { userId, sessionId }: Principal,
    @Query() page: PageQuery,
  ): Promise<Page<OwnSessionView>> {
    const { items, nextCursor } = await this.sessions.listLive(userId, page);
    return { items: items.map((item) => OwnSessionView.of(item, sessionId)), nextCursor };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of the caller’s sessions' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'An `id` of `GET /auth/sessions`' })
  @ApiNoContentResponse({ description: 'Ended' })
  @Throws(sessionsErrors.notFound)
  async end(
    @CurrentUser() { userId }: Principal,
    @Param('id', UuidParam) sessionId: string,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    await this.signOut.endListed(userId, sessionId, actor);
  }

  @Post('logout-all')
  @HttpCode(200)
  @ApiOperation({ summary: 'End every session of the caller, this one included' })
  @ApiOkResponse({ type: RevokedSessions })
  @Throws(accessErrors.forbidden)
  async logoutAll(
    @CurrentUser() principal: Principal,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RevokedSessions> {
    requireUser(principal);
    const ended = await this.signOut.endAll(principal.userId, actor);
    this.delivery.clear(reply);
    return RevokedSessions.of(ended);
  }

  @Post('password/change')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Change the password; every session of the caller ends, and a new one begins',
  })
  @ApiOkResponse({ type: TokenResponse, description: DELIVERED })
  @Throws(
    accessErrors.freshSignInRequired,
    authErrors.invalidCredentials,
    authErrors.crossSite,
    usersErrors.notFound,
    passwordsErrors.busy,
    throttleErrors.tooManyRequests,
    passwordsErrors.checkUnavailable,
  )
  async change(
    @CurrentUser() principal: Principal,
    @Body() { delivery, ...passwords }: ChangePasswordBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    this.delivery.requireOwnSite(request, delivery);
    await this.freshSignIn.requireSecondFactor(principal);
    const { userId, sessionId } = principal;
    const granted = await this.throttle.attempt(reply, principal, (check) =>
      this.changePassword.change({ ...passwords, userId, sessionId }, check, request),
    );
    await this.knownDevices.rememberUser(reply, userId);
    return this.delivery.send(reply, granted, delivery);
  }
}
