import { IntersectionType } from '@nestjs/swagger';
import { PageQuery } from '../http/page.js';
import { AuditEventsFilter } from './audit-events.filter.js';

export class AuditEventsQuery extends IntersectionType(AuditEventsFilter, PageQuery) {}
