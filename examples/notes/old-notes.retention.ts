// #region full
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RetentionJob } from '../latchkey/index.js';
import { NotesConfig } from './notes.config.js';
import { Notes } from './notes.js';

/** Removes notes that have been kept long enough. */
@Injectable()
export class OldNotes extends RetentionJob {
  constructor(
    private readonly notes: Notes,
    private readonly config: NotesConfig,
  ) {
    super();
  }

  removeBatch(manager: EntityManager, limit: number): Promise<number> {
    return this.notes.removeOlderThan(this.config.retentionDays, limit, manager);
  }
}
// #endregion
