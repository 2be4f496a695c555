import { fileURLToPath } from 'node:url';

/** Where the database is, and where the code lives whose entities and migrations it holds. */
export class DatabaseLocation {
  constructor(
    readonly url: string,
    /** Folders that are searched for `*.entity` files and `migrations/`. */
    readonly sourceRoots: readonly string[] = [ownSources],
  ) {}
}

export const ownSources = fileURLToPath(new URL('../../..', import.meta.url));
