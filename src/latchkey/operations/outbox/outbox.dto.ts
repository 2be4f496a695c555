import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../../platform/http/answers/page.js';
import { OUTBOX_STATES, type OutboxState } from '../../platform/outbox/outbox-message.entity.js';
import type { OutboxRow } from '../../platform/outbox/outbox-store.js';

export class ListOutboxQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: OUTBOX_STATES,
    description: '`dead`: what was given up after a day of tries.',
  })
  @IsOptional()
  @IsIn(OUTBOX_STATES)
  state?: OutboxState;
}

/** Something that is told once the change that caused it has been committed. It holds no secret. */
export class OutboxMessageView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'mail' })
  kind!: string;

  @ApiProperty({ enum: OUTBOX_STATES })
  state!: OutboxState;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What it is about: ids, the name of a template, where a request came from.',
  })
  payload!: Record<string, unknown>;

  @ApiProperty({ type: 'integer', description: 'How often it has been tried.' })
  attempts!: number;

  @ApiProperty({ type: String, nullable: true, description: 'Why the last try failed.' })
  lastError!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it is tried next.' })
  dueAt!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was delivered, dropped or given up.',
  })
  settledAt!: string | null;

  static of(row: OutboxRow): OutboxMessageView {
    const { id, kind, state, payload, attempts, lastError } = row;
    return {
      id,
      kind,
      state,
      payload,
      attempts,
      lastError,
      createdAt: row.createdAt.toISOString(),
      dueAt: row.dueAt.toISOString(),
      settledAt: row.settledAt?.toISOString() ?? null,
    };
  }
}
