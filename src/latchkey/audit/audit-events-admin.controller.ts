import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../access/access.decorators.js';
import { type Page, pageOf } from '../platform/http/answers/page.js';
import { AuditEventsQuery, AuditEventView } from './audit-events.dto.js';
import { AuditHistory } from './audit-history.js';

@ApiTags('Admin: audit events')
@Controller('admin/audit-events')
export class AuditEventsAdminController {
  constructor(private readonly history: AuditHistory) {}

  @Get()
  @RequirePermissions('audit:read')
  @ApiOperation({ summary: 'The audit events, the newest first' })
  @ApiOkResponse({ type: pageOf(AuditEventView) })
  list(@Query() query: AuditEventsQuery): Promise<Page<AuditEventView>> {
    return this.history.list(query);
  }
}
