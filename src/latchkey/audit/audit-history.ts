import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { lowestIdAt } from '../platform/database/uuid-v7.js';
import { decodeCursor, type Page, toPage, UUID_KEY } from '../platform/http/answers/page.js';
import { AuditEvent } from './audit-event.entity.js';
import {
  type AuditEventsFilter,
  type AuditEventsQuery,
  AuditEventView,
} from './audit-events.dto.js';

const EXPORT_BATCH = 1_000;
/** What the clocks of the service, which ids are of, and of the database may differ by at most. */
const CLOCKS_DIFFER_MILLISECONDS = 86_400_000;

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
    const { limit, cursor, ...filter } = query;
    const events = this.matching(filter);
    if (cursor !== undefined) {
      events.andWhere('event.id < :before', { before: decodeCursor(cursor, UUID_KEY) });
    }
    const rows = await events
      .orderBy('event.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    return toPage(rows, limit, (event) => event.id, AuditEventView.of);
  }

  /**
   * Oldest first, however many they are: a batch of them is in memory at a time. Events that are
   * recorded meanwhile are among them.
   *
   * @param after the id of an event: only later ones
   */
  async *readAll(filter: AuditEventsFilter, after?: string): AsyncGenerator<AuditEventView> {
    let last = after;
    let rows: AuditEvent[];
    do {
      const events = this.matching(filter);
      if (last !== undefined) events.andWhere('event.id > :last', { last });
      rows = await events.orderBy('event.id', 'ASC').limit(EXPORT_BATCH).getMany();
      last = rows.at(-1)?.id;
      yield* rows.map(AuditEventView.of);
    } while (rows.length === EXPORT_BATCH);
  }

  private matching(filter: AuditEventsFilter): SelectQueryBuilder<AuditEvent> {
    const { actorId, targetId, userId, action, anomaly, from, to } = filter;
    const events = this.dataSource.getRepository(AuditEvent).createQueryBuilder('event');
    if (actorId !== undefined) events.andWhere('event.actorId = :actorId', { actorId });
    if (targetId !== undefined) events.andWhere('event.targetId = :targetId', { targetId });
    if (userId !== undefined) {
      // An index each, and the planner takes them together.
      events.andWhere(
        `(event.actorId = :asActor OR event.targetId = :about OR event.details ->> 'userId' = :about)`,
        { asActor: userId, about: userId.toLowerCase() },
      );
    }
    if (action !== undefined) events.andWhere('event.action = :action', { action });
    if (anomaly !== undefined) {
      // The first condition is that of the index.
      events.andWhere(`event.anomalies <> '{}' AND :anomaly = ANY(event.anomalies)`, { anomaly });
    }
    if (from !== undefined) {
      const lowest = lowestIdAt(Date.parse(from) - CLOCKS_DIFFER_MILLISECONDS);
      events.andWhere('event.createdAt >= :from AND event.id >= :lowest', {
        from: new Date(from).toISOString(),
        lowest,
      });
    }
    if (to !== undefined) {
      const beyond = lowestIdAt(Date.parse(to) + CLOCKS_DIFFER_MILLISECONDS);
      events.andWhere('event.createdAt < :to AND event.id < :beyond', {
        to: new Date(to).toISOString(),
        beyond,
      });
    }
    return events;
  }
}
