// #region full
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EraseUser, ExportUser } from '../latchkey/index.js';
import { Note } from './note.entity.js';

/** What somebody takes with them: `notes` in `GET /auth/account/export`. */
@Injectable()
export class ExportNotes extends ExportUser {
  readonly name = 'notes';

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  export(userId: string) {
    const notes = this.dataSource.getRepository(Note);
    return notes.find({
      select: { id: true, text: true, writtenAt: true },
      where: { userId },
      order: { id: 'ASC' },
    });
  }
}

/**
 * What is left of somebody whose account has been deleted. The foreign key has taken the rows along: here
 * go tables that have none, files, and what another service holds. Called until it succeeds.
 */
@Injectable()
export class EraseNotes extends EraseUser {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async erase(userId: string): Promise<void> {
    await this.dataSource.getRepository(Note).delete({ userId });
  }
}
// #endregion
