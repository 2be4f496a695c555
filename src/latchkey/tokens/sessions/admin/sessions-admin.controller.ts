import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { RequireFreshSignIn, RequirePermissions } from '../../../access/access.decorators.js';
import type { Actor } from '../../../audit/actor.js';
import { CurrentActor } from '../../../audit/current-actor.decorator.js';
import { type Page, PageQuery, pageOf } from '../../../platform/http/answers/page.js';
import { Throws } from '../../../platform/http/route.decorators.js';
import { UuidParam } from '../../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../../platform/http/writes/limits-writes.decorator.js';
import { Revocations } from '../../revocation/revocations.js';
import { SessionDirectory } from '../session-directory.js';
import { SessionEnder } from '../session-ender.js';
import {
  AdminSessionView,
  RevokedByFilter,
  RevokedSessions,
  SessionView,
} from '../sessions.dto.js';
import { MAX_EXAMINED } from '../store/session-search-store.js';
import { sessionsErrors } from '../tokens.errors.js';
import { RevokeSessions } from './revoke-sessions.js';
import { ListSessionsQuery, RevokeSessionsBody } from './session-requests.dto.js';
import { SessionSearch } from './session-search.js';

@ApiTags('Admin: sessions')
@LimitsWrites('admin-writes')
@Controller('admin')
export class SessionsAdminController {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly ender: SessionEnder,
    private readonly search: SessionSearch,
    private readonly revokeSessions: RevokeSessions,
    private readonly revocations: Revocations,
  ) {}

  @Get('users/:id/sessions')
  @RequirePermissions('sessions:read')
  @ApiOperation({ summary: 'The live sessions of a user, the newest first' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'Of the user' })
  @ApiOkResponse({ type: pageOf(SessionView) })
  async list(
    @Param('id', UuidParam) id: string,
    @Query() page: PageQuery,
  ): Promise<Page<SessionView>> {
    return this.directory.listLive(id, page);
  }

  @Delete('users/:id/sessions')
  @RequirePermissions('sessions:revoke')
  @ApiOperation({ summary: 'End every session of a user at once' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'Of the user' })
  @ApiOkResponse({ type: RevokedSessions })
  async endAllOfUser(
    @Param('id', UuidParam) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<RevokedSessions> {
    const ended = await this.revocations.commit((transaction) =>
      this.ender.endAllOfUser(transaction, id, { reason: 'admin', actor }),
    );
    return RevokedSessions.of(ended);
  }

  @Get('sessions')
  @RequirePermissions('sessions:read')
  @ApiOperation({
    summary: 'The sessions that meet every condition given, the newest first',
    description: `A page examines at most ${MAX_EXAMINED} sessions: it may hold fewer than asked for, even none, and still have a nextCursor to go on with.`,
  })
  @ApiOkResponse({ type: pageOf(AdminSessionView) })
  async find(@Query() query: ListSessionsQuery): Promise<Page<AdminSessionView>> {
    return this.search.list(query);
  }

  @Post('sessions/revoke')
  @HttpCode(200)
  @RequireFreshSignIn()
  @RequirePermissions('sessions:revoke')
  @ApiOperation({
    summary: 'End every session that meets all conditions given, the caller’s own included',
  })
  @ApiOkResponse({ type: RevokedByFilter })
  async revoke(
    @Body() body: RevokeSessionsBody,
    @CurrentActor() actor: Actor,
  ): Promise<RevokedByFilter> {
    return this.revokeSessions.revoke(body, actor);
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @RequirePermissions('sessions:revoke')
  @Throws(sessionsErrors.notFound)
  @ApiOperation({ summary: 'End one session at once' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'Of the session: claim `sid`' })
  @ApiNoContentResponse({ description: 'Ended' })
  async endOne(@Param('id', UuidParam) id: string, @CurrentActor() actor: Actor): Promise<void> {
    const ended = await this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, id, { reason: 'admin', actor }),
    );
    if (!ended) throw sessionsErrors.notFound();
  }
}
