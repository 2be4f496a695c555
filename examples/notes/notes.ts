import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  type Actor,
  AuditTrail,
  decodeCursor,
  defineAuditActions,
  defineAuditTargets,
  type Page,
  toPage,
  UUID_KEY,
} from '../latchkey/index.js';
import { Note } from './note.entity.js';
import { NotesConfig } from './notes.config.js';
import { type ListNotesQuery, NoteView, type WriteNoteBody } from './notes.dto.js';
import { notesErrors } from './notes.errors.js';

/** What is put on record; `@OnEvent('note.written')` hears of it after the commit. */
const notesActions = defineAuditActions({ written: 'note.written', removed: 'note.removed' });
const notesTargets = defineAuditTargets({ note: 'note' });

/** The one place that reads and writes the table of notes. */
@Injectable()
export class Notes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    // #region full
    private readonly config: NotesConfig,
    // #endregion
  ) {}

  // #region full
  count(): Promise<number> {
    return this.dataSource.getRepository(Note).count();
  }
  // #endregion

  /** Newest first. */
  async list(userId: string, { limit, cursor }: ListNotesQuery): Promise<Page<NoteView>> {
    const notes = this.dataSource.getRepository(Note).createQueryBuilder('note');
    notes.where('note.userId = :userId', { userId });
    if (cursor !== undefined) {
      notes.andWhere('note.id < :before', { before: decodeCursor(cursor, UUID_KEY) });
    }
    const rows = await notes
      .orderBy('note.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    return toPage(rows, limit, ({ id }) => id, NoteView.of);
  }

  /** @throws LatchkeyError `notes.not_found`, also for a note of somebody else */
  async get(userId: string, id: string): Promise<NoteView> {
    const note = await this.dataSource.getRepository(Note).findOneBy({ id, userId });
    if (note === null) throw notesErrors.notFound();
    return NoteView.of(note);
  }

  // #region full
  /** @throws LatchkeyError `notes.too_many` */
  // #endregion
  async write(userId: string, { text }: WriteNoteBody, actor: Actor): Promise<NoteView> {
    return this.dataSource.transaction(async (manager) => {
      // #region full
      // One after the other for each user, or two at once would both find room.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `notes ${userId}`,
      ]);
      if ((await manager.countBy(Note, { userId })) >= this.config.maxPerUser) {
        throw notesErrors.tooMany();
      }
      // #endregion
      const note = manager.create(Note, { id: uuidv7(), userId, text, writtenAt: new Date() });
      await manager.insert(Note, note);
      await this.audit.record(manager, {
        action: notesActions.written,
        actor,
        target: { type: notesTargets.note, id: note.id },
        // Ids, numbers and words of yours: what a person has written does not belong here.
        details: { length: text.length },
      });
      return NoteView.of(note);
    });
  }

  /** @throws LatchkeyError `notes.not_found`, also for a note of somebody else */
  async remove(userId: string, id: string, actor: Actor): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.delete(Note, { id, userId });
      if (affected !== 1) throw notesErrors.notFound();
      await this.audit.record(manager, {
        action: notesActions.removed,
        actor,
        target: { type: notesTargets.note, id },
      });
    });
  }
  // #region full

  /** @returns how many notes, `limit` at most, were older than that and are gone */
  async removeOlderThan(days: number, limit: number, manager = this.dataSource.manager) {
    const [, count]: [unknown, number] = await manager.query(
      `DELETE FROM notes WHERE id IN (
         SELECT id FROM notes WHERE written_at < clock_timestamp() - interval '1 day' * $1 LIMIT $2
       )`,
      [days, limit],
    );
    return count;
  }
  // #endregion
}
