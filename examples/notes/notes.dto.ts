import { ApiProperty } from '@nestjs/swagger';
import { IsText, PageQuery } from '../latchkey/index.js';
import type { Note } from './note.entity.js';

const MAX_LENGTH = 10_000;

export class WriteNoteBody {
  @ApiProperty({ example: 'Buy milk', minLength: 1, maxLength: MAX_LENGTH })
  @IsText({ min: 1, max: MAX_LENGTH })
  text!: string;
}

export class ListNotesQuery extends PageQuery {}

export class NoteView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'Buy milk' })
  text!: string;

  @ApiProperty({ format: 'date-time' })
  writtenAt!: string;

  static of({ id, text, writtenAt }: Note): NoteView {
    return { id, text, writtenAt: writtenAt.toISOString() };
  }
}
// #region full

export class CountedNotes {
  @ApiProperty({ type: 'integer', example: 3 })
  count!: number;
}
// #endregion
