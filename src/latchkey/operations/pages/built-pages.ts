import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where `npm run build` leaves the pages, as seen from `src/` and `dist/` alike. */
const FOLDER = join(import.meta.dirname, '../../../../dist/pages');

/** What of a page is a file. */
export interface BuiltPages {
  /** With places for what settings say: `{{brand}}`. */
  readonly template: string;
  /** Their names follow from what they hold. */
  readonly script: string;
  readonly sheet: string;
  readonly assets: ReadonlyMap<string, Buffer>;
}

/** Null where there are none: they have been removed, or nothing has been built. */
export async function readBuiltPages(): Promise<BuiltPages | null> {
  const names = await readdir(FOLDER).catch(() => null);
  if (names === null) return null;
  const { script, sheet } = JSON.parse(await readFile(join(FOLDER, 'pages.json'), 'utf8'));
  const read = async (name: string) => [name, await readFile(join(FOLDER, name))] as const;
  return {
    template: await readFile(join(FOLDER, 'index.html'), 'utf8'),
    script,
    sheet,
    assets: new Map(await Promise.all([script, sheet].map(read))),
  };
}
