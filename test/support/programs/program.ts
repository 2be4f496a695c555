import { join } from 'node:path';
import { isFullDepth } from '../test-depth.js';
import { bundlePrograms } from './bundle.js';

type Program = 'main' | 'cli';

let bundle: Promise<string> | undefined;

/**
 * The path of the service (`main`) or of the command line (`cli`), for a process of its own: a bundle of the build, which
 * is there in a third of the time.
 */
export async function program(name: Program): Promise<string> {
  bundle ??= bundlePrograms();
  return join(await bundle, `${name}.cjs`);
}

/** The same for a test about how it is started: at full depth it is the build as it is shipped. */
export async function shippedProgram(name: Program): Promise<string> {
  return isFullDepth() ? `dist/${name}.js` : program(name);
}
