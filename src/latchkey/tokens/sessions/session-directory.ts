import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import {
  decodeCursor,
  type Page,
  type PageQuery,
  toPage,
  UUID_KEY,
} from '../../platform/http/answers/page.js';
import { Session } from './session.entity.js';
import { IS_LIVE_SQL } from './session-sql.js';
import { type SessionView, toSessionView } from './session-view.js';

/** Who is signed in where. Shows live sessions only, by the database's clock. */
@Injectable()
export class SessionDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The newest first.
   *
   * @throws LatchkeyError `request.invalid` for a cursor that this list did not make
   */
  async listLive(userId: string, page: PageQuery): Promise<Page<SessionView>> {
    const query = this.live().andWhere('session.userId = :userId', { userId });
    if (page.cursor !== undefined) {
      query.andWhere('session.id < :after', { after: decodeCursor(page.cursor, UUID_KEY) });
    }
    const sessions = await query
      .orderBy('session.id', 'DESC')
      .limit(page.limit + 1)
      .getMany();
    return toPage(sessions, page.limit, ({ id }) => id, toSessionView);
  }

  async findLive(sessionId: string): Promise<SessionView | null> {
    const session = await this.live().andWhere('session.id = :sessionId', { sessionId }).getOne();
    return session === null ? null : toSessionView(session);
  }

  private live(): SelectQueryBuilder<Session> {
    return this.dataSource.getRepository(Session).createQueryBuilder('session').where(IS_LIVE_SQL);
  }
}
