import type { Page } from '../../platform/http/answers/page.js';
import { printable } from '../../platform/http/validation/plain-text.js';
import { print, writeTo } from './terminal.js';
import { flag } from './values.js';

export const JSON_LINES = flag('An object a line, for programs.');

/** One column of a list. */
export interface Column<Item> {
  readonly title: string;
  /** What most values need; longer ones push the rest aside. */
  readonly width: number;
  of(item: Item): string;
}

/**
 * Writes a list to standard output, an item a line, as fast as it is read: columns for people, under a head
 * on a terminal; with `json` an object a line, for programs.
 */
export function writeList<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  columns: readonly Column<Item>[],
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  return writeTo(process.stdout, linesOf(items, columns, json));
}

async function* linesOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  columns: readonly Column<Item>[],
  json: boolean,
): AsyncGenerator<string> {
  const inColumns = (texts: readonly string[]) =>
    texts
      .map((text, index) => text.padEnd(columns[index]?.width ?? 0))
      .join('  ')
      .trimEnd();
  if (!json && process.stdout.isTTY) {
    yield `${inColumns(columns.map(({ title }) => title.toUpperCase()))}\n`;
  }
  for await (const item of items) {
    const line = json ? JSON.stringify(item) : inColumns(columns.map((column) => column.of(item)));
    yield `${printable(line)}\n`;
  }
}

/** All items of a list that is read a page at a time. */
export async function* itemsOf<Item>(
  page: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    yield* items;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** The first items of a list, and no page more than they are on. */
export async function* firstOf<Item>(
  count: number,
  items: AsyncIterable<Item>,
): AsyncGenerator<Item> {
  let left = count;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}

/** One thing: a fact a line for people, with `json` one object. */
export function writeFacts(thing: object, { json = false }: { readonly json?: boolean }): void {
  if (json) {
    print(JSON.stringify(thing));
    return;
  }
  const facts = Object.entries(thing).map(([name, value]) => [name, textOf(value)] as const);
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) print(`${name.padEnd(width)}  ${value}`.trimEnd());
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
