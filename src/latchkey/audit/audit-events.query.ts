import { IntersectionType } from '@nestjs/swagger';
import { PageQuery } from '../platform/http/page.js';
import { AuditEventsFilter } from './audit-events.filter.js';

export class AuditEventsQuery extends IntersectionType(AuditEventsFilter, PageQuery) {}
