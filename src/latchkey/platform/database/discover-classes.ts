import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// biome-ignore lint/complexity/noBannedTypes: TypeORM takes classes as Functions
type Class = Function;

/**
 * Every class exported by a file below `root` whose path matches. This is how entities and
 * migrations of every module, the extending team's included, are found without a list.
 */
export async function discoverClasses(root: string, pattern: RegExp): Promise<Class[]> {
  const files = await readdir(root, { recursive: true });
  const matching = files.filter((file) => pattern.test(file.replaceAll('\\', '/'))).sort();
  const modules = await Promise.all(
    matching.map((file) => import(pathToFileURL(join(root, file)).href)),
  );
  return modules.flatMap((module) =>
    Object.values(module).filter((exported) => typeof exported === 'function'),
  ) as Class[];
}

export const ENTITY_FILES = /\.entity\.(js|ts)$/;
export const MIGRATION_FILES = /(^|\/)migrations\/[^/]+(?<!\.d)\.(js|ts)$/;
