import { join } from 'node:path';
import { isFullDepth } from '../test-depth.js';
import { bundlePrograms } from './bundle.js';

let bundle: Promise<string> | undefined;

/**
 * The path of the service (`main`) or of the command line (`cli`), for a process of its own. At full depth
 * it is the build as it is shipped, and otherwise a bundle of it, which is there in a third of the time. A
 * test about what is shipped takes `dist/main.js` itself.
 */
export async function program(name: 'main' | 'cli'): Promise<string> {
  if (isFullDepth()) return `dist/${name}.js`;
  bundle ??= bundlePrograms();
  return join(await bundle, `${name}.cjs`);
}
