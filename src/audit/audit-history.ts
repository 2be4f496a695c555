import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, type Page, toPage, UUID_KEY } from '../http/page.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditEventView } from './audit-event.view.js';
import type { AuditEventsQuery } from './audit-events.query.js';

/** What has happened. */
@Injectable()
export class AuditHistory {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Newest first.
   *
   * @throws LatchkeyError `request.invalid` for a cursor of another list
   */
  async list(query: AuditEventsQuery): Promise<Page<AuditEventView>> {
    const { actorId, targetId, action, from, to, limit, cursor } = query;
    const events = this.dataSource.getRepository(AuditEvent).createQueryBuilder('event');
    if (actorId !== undefined) events.andWhere('event.actorId = :actorId', { actorId });
    if (targetId !== undefined) events.andWhere('event.targetId = :targetId', { targetId });
    if (action !== undefined) events.andWhere('event.action = :action', { action });
    if (from !== undefined) events.andWhere('event.createdAt >= :from', { from: instant(from) });
    if (to !== undefined) events.andWhere('event.createdAt < :to', { to: instant(to) });
    if (cursor !== undefined) {
      events.andWhere('event.id < :before', { before: decodeCursor(cursor, UUID_KEY) });
    }
    const rows = await events
      .orderBy('event.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    return toPage(rows, limit, (event) => event.id, AuditEventView.of);
  }
}

function instant(text: string): string {
  return new Date(text).toISOString();
}
