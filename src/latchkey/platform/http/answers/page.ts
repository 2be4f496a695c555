import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { requestErrors } from '../../errors/request.errors.js';
import { IsText } from '../validation/field.decorators.js';

export const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 20;
const MAX_CURSOR_LENGTH = 512;

/** What every list accepts. Pages are cut by key, never by offset: they cost the same at any depth. */
export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    default: DEFAULT_PAGE_SIZE,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE_SIZE)
  limit: number = DEFAULT_PAGE_SIZE;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX_CURSOR_LENGTH,
    description: 'The `nextCursor` of the page before.',
  })
  @IsOptional()
  @IsText({ min: 1, max: MAX_CURSOR_LENGTH })
  cursor?: string;
}

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/**
 * Cuts a page out of `limit + 1` rows: the row too many tells that there is a next page.
 *
 * @param keyOf the row's key in the list's order; the next page starts after it
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(toItem), nextCursor: more ? encodeCursor(keyOf(last)) : null };
}

export function encodeCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/**
 * @param pattern what a key of this list looks like
 * @throws LatchkeyError `request.invalid` when the cursor was not made by this list
 */
export function decodeCursor(cursor: string, pattern: RegExp): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (pattern.test(key)) return key;
  throw requestErrors.invalid({
    fields: [{ field: 'cursor', message: 'cursor must be the nextCursor of an earlier page' }],
  });
}

/** The cursor pattern of lists that are ordered by a UUID. */
export const UUID_KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A class describing `Page<Item>` to OpenAPI. */
export function pageOf<Item>(item: new (...args: never[]) => Item): new () => Page<Item> {
  class PageOfItems implements Page<Item> {
    @ApiProperty({ type: [item] })
    items!: Item[];

    @ApiProperty({ type: String, nullable: true })
    nextCursor!: string | null;
  }
  Object.defineProperty(PageOfItems, 'name', { value: `PageOf${item.name}` });
  return PageOfItems;
}
