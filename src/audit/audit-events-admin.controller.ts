import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../access/require-permissions.js';
import { type Page, pageOf } from '../http/page.js';
import { AuditEventView } from './audit-event.view.js';
import { AuditEventsQuery } from './audit-events.query.js';
import { AuditHistory } from './audit-history.js';

@ApiTags('Audit')
@ApiBearerAuth()
@Controller('admin/audit-events')
export class AuditEventsAdminController {
  constructor(private readonly history: AuditHistory) {}

  /** Newest first. */
  @Get()
  @RequirePermissions('audit:read')
  @ApiOkResponse({ type: pageOf(AuditEventView) })
  list(@Query() query: AuditEventsQuery): Promise<Page<AuditEventView>> {
    return this.history.list(query);
  }
}
