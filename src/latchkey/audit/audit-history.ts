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

/** Where an event may name an account: who did it, to whom, and whose it was. */
const IN_ANY_PART = [
  'event.actorId = :asActor',
  'event.targetId = :about',
  `event.details ->> 'userId' = :about`,
];

/** The first events behind one, in an order. */
interface Stretch {
  readonly order: 'ASC' | 'DESC';
  /** The id of the event that they are behind; undefined: from the beginning. */
  readonly beyond: string | undefined;
  readonly limit: number;
}

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
    const before = cursor === undefined ? undefined : decodeCursor(cursor, UUID_KEY);
    const rows = await this.read(filter, { order: 'DESC', beyond: before, limit: limit + 1 });
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
      rows = await this.read(filter, { order: 'ASC', beyond: last, limit: EXPORT_BATCH });
      last = rows.at(-1)?.id;
      yield* rows.map(AuditEventView.of);
    } while (rows.length === EXPORT_BATCH);
  }

  private read({ userId, ...filter }: AuditEventsFilter, stretch: Stretch): Promise<AuditEvent[]> {
    if (userId === undefined) return this.stretchOf(filter, stretch).getMany();
    // A condition that is an OR of the three would be looked for in the whole trail, event by event: each has an index.
    const parts = IN_ANY_PART.map(
      (condition) =>
        `(${this.stretchOf(filter, stretch).select('event.id', 'id').andWhere(condition).getQuery()})`,
    );
    return this.stretchOf(filter, stretch)
      .andWhere(`event.id IN (SELECT part.id FROM (${parts.join(' UNION ALL ')}) AS part)`)
      .setParameters({ asActor: userId, about: userId.toLowerCase() })
      .getMany();
  }

  private stretchOf(
    filter: Omit<AuditEventsFilter, 'userId'>,
    { order, beyond, limit }: Stretch,
  ): SelectQueryBuilder<AuditEvent> {
    const events = this.matching(filter);
    if (beyond !== undefined) {
      events.andWhere(`event.id ${order === 'ASC' ? '>' : '<'} :beyond`, { beyond });
    }
    return events.orderBy('event.id', order).limit(limit);
  }

  private matching(filter: Omit<AuditEventsFilter, 'userId'>): SelectQueryBuilder<AuditEvent> {
    const { actorId, targetId, action, anomaly, from, to } = filter;
    const events = this.dataSource.getRepository(AuditEvent).createQueryBuilder('event');
    if (actorId !== undefined) events.andWhere('event.actorId = :actorId', { actorId });
    if (targetId !== undefined) events.andWhere('event.targetId = :targetId', { targetId });
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
      const highest = lowestIdAt(Date.parse(to) + CLOCKS_DIFFER_MILLISECONDS);
      events.andWhere('event.createdAt < :to AND event.id < :highest', {
        to: new Date(to).toISOString(),
        highest,
      });
    }
    return events;
  }
}
