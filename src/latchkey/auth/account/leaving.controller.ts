import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, RequireFreshSignIn } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { Counters } from '../../platform/limits/counters.js';
import { FixedWindow } from '../../platform/limits/fixed-window.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { requireAdmitted } from '../../platform/limits/service-limit.js';
import { ExportedUser } from '../../platform/persons/exported-user.js';
import { rolesErrors } from '../../roles/roles.errors.js';
import { DeleteUser } from '../../users/accounts/delete-user.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { requireUser } from '../session/sessions-of-request.js';
import { TokenDelivery } from '../session/token-delivery.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';

/** Each reads all that there is of the caller. */
const EXPORTS_PER_HOUR = 20;

/** What owners do who leave: take their data with them, and have the rest erased. */
@ApiTags('Own account')
@LimitsWrites('own-writes')
@Controller('auth/account')
export class LeavingController {
  private readonly exports: FixedWindow;

  constructor(
    private readonly exported: ExportedUser,
    private readonly deleteUser: DeleteUser,
    private readonly delivery: TokenDelivery,
    private readonly throttle: ThrottleConfig,
    counters: Counters,
  ) {
    const quota = { name: 'account-exports', quota: EXPORTS_PER_HOUR, windowSeconds: 3_600 };
    this.exports = new FixedWindow(counters, quota);
  }

  @Get('export')
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Everything that is held of the caller, but for secrets' })
  @ApiOkResponse({
    description: 'A member for each part: `account`, `sessions`, `auditEvents`, those of features',
    schema: { type: 'object', additionalProperties: true },
  })
  @Throws(accessErrors.forbidden, throttleErrors.tooManyRequests)
  async export(
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    requireUser(principal);
    if (this.throttle.enabled) requireAdmitted(reply, await this.exports.count(principal.userId));
    const pieces = await this.exported.read(principal.userId);
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), {
      type: 'application/json; charset=utf-8',
    });
  }

  @Post('delete')
  @HttpCode(204)
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Delete the caller’s account, and erase what is held of them' })
  @ApiNoContentResponse({ description: 'Deleted; every token is refused at once' })
  @Throws(accessErrors.forbidden, usersErrors.notFound, rolesErrors.lastAdmin)
  async delete(
    @CurrentUser() principal: Principal,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    requireUser(principal);
    const languages = reply.request.headers['accept-language'];
    await this.deleteUser.delete(principal.userId, actor, languages);
    this.delivery.clear(reply);
  }
}
