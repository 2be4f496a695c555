import { Injectable } from '@nestjs/common';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  UUID_KEY,
} from '../../../platform/http/answers/page.js';
import { sessionAssurance } from '../../assurance/session-assurance.js';
import { type AdminSessionView, assuranceView } from '../sessions.dto.js';
import { firstSessionIdAt } from '../store/session-conditions.js';
import { type FoundRow, SessionSearchStore } from '../store/session-search-store.js';
import { type ListSessionsQuery } from './session-requests.dto.js';

/** Finds sessions among all of them, of any user, live or over. */
@Injectable()
export class SessionSearch {
  constructor(private readonly store: SessionSearchStore) {}

  /**
   * The newest first. A page examines at most 10,000 sessions: it may hold fewer than asked for,
   * even none, and still name a next one.
   *
   * @throws LatchkeyError `request.invalid` for a cursor that this list did not make
   */
  async list(query: ListSessionsQuery): Promise<Page<AdminSessionView>> {
    const { userId, role, ip, userAgent, createdAfter, state, limit } = query;
    const conditions = {
      userId: userId ?? null,
      role: role ?? null,
      ip: ip ?? null,
      userAgent: userAgent ?? null,
      state,
      fromId: createdAfter === undefined ? null : firstSessionIdAt(createdAfter),
      belowId: endId(query),
    };
    const { found, examinedTo } = await this.store.findPage(conditions, limit);
    const items = found.slice(0, limit).map(toView);
    const next = found.length > limit ? items.at(-1)?.id : examinedTo;
    return { items, nextCursor: next ? encodeCursor(next) : null };
  }
}

/** The id that all of the page are below. */
function endId({ createdBefore, cursor }: ListSessionsQuery): string | null {
  const ends = [
    ...(createdBefore === undefined ? [] : [firstSessionIdAt(createdBefore)]),
    ...(cursor === undefined ? [] : [decodeCursor(cursor, UUID_KEY)]),
  ];
  return ends.sort()[0] ?? null;
}

function toView(row: FoundRow): AdminSessionView {
  const { stampedAt, stampedReason, cutAt, cutReason, amr, factors, ...session } = row;
  const assurance = sessionAssurance(factors, amr, row.createdAt.getTime());
  return {
    ...session,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    ...assuranceView(assurance),
    ...ending(row),
  };
}

function ending(row: FoundRow): Pick<AdminSessionView, 'endedAt' | 'endReason'> {
  if (row.state === 'live') return { endedAt: null, endReason: null };
  const [at, endReason] = endOf(row);
  return { endedAt: at?.toISOString() ?? null, endReason };
}

function endOf(row: FoundRow): [Date | null, AdminSessionView['endReason']] {
  if (row.stampedAt !== null) return [row.stampedAt, row.stampedReason];
  if (row.state === 'expired') return [row.expiresAt, 'expired'];
  return [row.cutAt, row.cutReason];
}
