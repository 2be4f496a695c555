import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { StartupError } from '../errors/startup-error.js';
import { declaredSlices, variablesOf } from './config-slice.js';
import type { Environment } from './load-config.js';

const FILE = '.env';
/** Short names are near too many others. */
const SHORTEST_MISSPELT = 8;

/**
 * The settings of this process: its environment, and the file `.env` of the working directory for
 * what the environment does not set. A variable that is set to nothing is set.
 *
 * @throws StartupError when the file is there and cannot be read
 */
export function readEnvironment(environment: Environment): Environment {
  return { ...readFile(), ...environment };
}

function readFile(): Environment {
  try {
    return parseEnv(readFileSync(FILE, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new StartupError(`The file ${FILE} cannot be read (${code}).`, { cause });
  }
}

/**
 * What looks like a setting that was misspelt: a variable that nothing reads, whose name is nearly
 * that of a setting which is not set.
 *
 * @returns a line for each, which names variables and never a value
 */
export function misspeltSettings(environment: Environment): string[] {
  const settings = declaredSlices().flatMap((slice) =>
    variablesOf(slice).map(({ variable }) => variable),
  );
  const known = new Set(settings);
  const unset = settings.filter((setting) => environment[setting] === undefined);
  return Object.keys(environment)
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const meant = unset.find((setting) => isNear(name, setting));
      return meant === undefined ? [] : [`Nothing reads ${name}: did you mean ${meant}?`];
    });
}

function isNear(name: string, setting: string): boolean {
  const [written, meant] = [bare(name), bare(setting)];
  if (written === meant) return true;
  return meant.length >= SHORTEST_MISSPELT && isOneSlipFrom(written, meant);
}

/** Without what is easily left out or added: case, underscores, the plural. */
function bare(name: string): string {
  return name.toUpperCase().replaceAll('_', '').replace(/IES$/, 'Y').replace(/S$/, '');
}

/** Whether one letter is missing, too many or another one, or two have changed places. */
export function isOneSlipFrom(written: string, meant: string): boolean {
  let same = 0;
  while (same < written.length && written[same] === meant[same]) same += 1;
  const [rest, wanted] = [written.slice(same), meant.slice(same)];
  return (
    rest.slice(1) === wanted ||
    rest === wanted.slice(1) ||
    rest.slice(1) === wanted.slice(1) ||
    (rest.slice(0, 2) === [...wanted.slice(0, 2)].reverse().join('') &&
      rest.slice(2) === wanted.slice(2))
  );
}
