import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Public, RequirePermissions } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import { AccessDecision } from '../../access/access-decision.js';
import { NO_DEMANDS } from '../../access/access-demands.js';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { rolesErrors } from '../../roles/roles.errors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { UserProfile } from '../../users/accounts/users.dto.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { passwordsErrors } from '../../users/passwords/passwords.errors.js';
import { authErrors } from '../auth.errors.js';
import { mailErrors } from '../mail/mail.errors.js';
import { ProofBody } from '../mail/mail-proof.dto.js';
import { AcceptInvitationBody, InviteUserBody } from './invitation.dto.js';
import { InviteUser } from './invite-user.js';

/** To name roles, besides. */
const TO_GIVE_ROLES = { ...NO_DEMANDS, permissions: ['roles:assign'] };

@ApiTags('Admin: users')
@LimitsWrites('admin-writes')
@Controller('admin/users')
export class InvitationAdminController {
  constructor(
    private readonly inviteUser: InviteUser,
    private readonly decision: AccessDecision,
  ) {}

  @Post()
  @RequirePermissions('users:write')
  @ApiOperation({ summary: 'Make an account without a password, and mail its owner an invitation' })
  @ApiCreatedResponse({ type: UserProfile })
  @Throws(
    accessErrors.forbidden,
    usersErrors.emailTaken,
    rolesErrors.escalation,
    rolesErrors.tooLarge,
    mailErrors.off,
  )
  async invite(
    @Body() body: InviteUserBody,
    @CurrentUser() principal: Principal,
    @CurrentActor() actor: Actor,
    @Headers('accept-language') languages = '',
  ): Promise<UserProfile> {
    if (body.roles !== undefined) this.decision.requireMet(principal, TO_GIVE_ROLES);
    return this.inviteUser.invite(body, actor, languages);
  }
}

@ApiTags('Authentication')
@Controller('auth/invitation')
export class InvitationController {
  constructor(private readonly inviteUser: InviteUser) {}

  @Post('accept')
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'Set the first password of an account by the mail of its invitation' })
  @ApiNoContentResponse({ description: 'Set: sign in by it' })
  @Throws(
    authErrors.crossSite,
    oneTimeErrors.proofInvalid,
    throttleErrors.tooManyRequests,
    passwordsErrors.busy,
    passwordsErrors.checkUnavailable,
  )
  accept(
    @Body() body: AcceptInvitationBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.inviteUser.accept(ProofBody.proofOf(body), body, reply);
  }
}
