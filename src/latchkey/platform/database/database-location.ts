import { fileURLToPath } from 'node:url';

/** Where the database is, and where the code lives whose entities and migrations it holds. */
export class DatabaseLocation {
  constructor(
    readonly url: string,
    /** Folders that are searched for `*.entity` files and `migrations/`. */
    readonly sourceRoots: readonly string[] = [ownSources],
  ) {}
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Latchkey and the features beside it. */
export const ownSources = folder('../../..');
/** Latchkey alone. */
export const latchkeySources = folder('../..');
