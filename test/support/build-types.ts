import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const COMPILER = 'node_modules/typescript/bin/tsc';

/** Writes the declarations of what the package publishes, as `npm pack` does before it packs. */
export async function buildTypes(): Promise<void> {
  await run(process.execPath, [COMPILER, '-p', 'tsconfig.types.json']);
}
