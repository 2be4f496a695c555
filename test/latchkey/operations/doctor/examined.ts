import type { ExaminedFinding } from '../../../../src/latchkey/operations/doctor/examine.js';
import { runCommandLine } from '../../../support/command-line.js';
import { freshDirectory } from '../../../support/service-process.js';
import { CHEAP_ENOUGH_FOR_TESTS } from '../../../support/test-app.js';

export interface Examination {
  readonly exitCode: number | null;
  readonly errors: string;
  readonly findings: readonly ExaminedFinding[];
  /** What was found of a part, as `status: what`. */
  of(part: string): string[];
}

/** `doctor --json` with an environment, in a directory of its own. */
export async function examined(env: Record<string, string>): Promise<Examination> {
  const directory = await freshDirectory();
  const { exitCode, output, errors } = await runCommandLine(['doctor', '--json'], {
    directory: directory.path,
    env: { ...CHEAP_ENOUGH_FOR_TESTS, JWT_ISSUER: '', ...env },
  });
  await directory.remove();
  const findings: ExaminedFinding[] = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (part: string) =>
    findings.filter((one) => one.part === part).map(({ status, what }) => `${status}: ${what}`);
  return { exitCode, errors, findings, of };
}
