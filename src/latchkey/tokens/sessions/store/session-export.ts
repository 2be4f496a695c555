import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExportUser } from '../../../platform/persons/export-user.js';

/** Every session that is still stored, live or not: where it was begun and used, and how. */
@Injectable()
export class SessionExport extends ExportUser {
  readonly name = 'sessions';

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  override export(userId: string): Promise<unknown> {
    return this.dataSource.query(
      `SELECT id, created_at AS "createdAt", amr, factors, data, host(created_ip) AS "createdIp",
         created_user_agent AS "createdUserAgent", rotated_at AS "lastUsedAt",
         host(last_ip) AS "lastIp", last_user_agent AS "lastUserAgent",
         ended_at AS "endedAt", end_reason AS "endReason"
       FROM sessions WHERE user_id = $1 ORDER BY id`,
      [userId],
    );
  }
}
