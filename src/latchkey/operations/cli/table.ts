import { printable } from '../../platform/http/validation/plain-text.js';
import { writeTo } from './terminal.js';

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
