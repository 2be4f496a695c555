import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../../access/access.decorators.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { type Page, pageOf } from '../../platform/http/answers/page.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { OutboxStore } from '../../platform/outbox/outbox-store.js';
import { ListOutboxQuery, OutboxMessageView } from './outbox.dto.js';
import { outboxErrors } from './outbox.errors.js';
import { RetryMessage } from './retry-message.js';

@ApiTags('Admin: outbox')
@LimitsWrites('admin-writes')
@Controller('admin/outbox')
export class OutboxAdminController {
  constructor(
    private readonly store: OutboxStore,
    private readonly retryMessage: RetryMessage,
  ) {}

  @Get()
  @RequirePermissions('outbox:read')
  @ApiOperation({ summary: 'What is to be told, has been told or was given up; newest first' })
  @ApiOkResponse({ type: pageOf(OutboxMessageView) })
  async list(@Query() query: ListOutboxQuery): Promise<Page<OutboxMessageView>> {
    const { items, nextCursor } = await this.store.list(query);
    return { items: items.map(OutboxMessageView.of), nextCursor };
  }

  @Post(':id/retry')
  @HttpCode(200)
  @RequirePermissions('outbox:retry')
  @ApiOperation({ summary: 'Try a message again now, also one that was given up' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'An `id` of `GET /admin/outbox`' })
  @ApiOkResponse({ type: OutboxMessageView })
  @Throws(outboxErrors.notFound, outboxErrors.settled)
  async retry(
    @Param('id', UuidParam) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<OutboxMessageView> {
    return OutboxMessageView.of(await this.retryMessage.retry(id, actor));
  }
}
