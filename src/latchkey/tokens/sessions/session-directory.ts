import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  decodeCursor,
  type Page,
  type PageQuery,
  toPage,
  UUID_KEY,
} from '../../platform/http/answers/page.js';
import { SessionView } from './sessions.dto.js';
import { SessionStore } from './store/session-store.js';

/** Who is signed in where. Shows live sessions only, by the database's clock. */
@Injectable()
export class SessionDirectory {
  constructor(private readonly store: SessionStore) {}

  /**
   * The newest first.
   *
   * @throws LatchkeyError `request.invalid` for a cursor that this list did not make
   */
  async listLive(userId: string, { cursor, limit }: PageQuery): Promise<Page<SessionView>> {
    const belowId = cursor === undefined ? null : decodeCursor(cursor, UUID_KEY);
    const sessions = await this.store.findLiveOfUser(userId, belowId, limit + 1);
    return toPage(sessions, limit, ({ id }) => id, SessionView.of);
  }

  /** @param manager of the transaction that does something for whom the session is of */
  isLive(manager: EntityManager, sessionId: string): Promise<boolean> {
    return this.store.isLive(manager, sessionId);
  }

  async findLive(sessionId: string): Promise<SessionView | null> {
    const session = await this.store.findLive(sessionId);
    return session === null ? null : SessionView.of(session);
  }
}
