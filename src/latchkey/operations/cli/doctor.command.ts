import { readEnvironment } from '../../platform/config/read-environment.js';
import { type ExaminedFinding, examine } from '../doctor/examine.js';
import { declareCommand } from './command.js';
import { FAILED } from './exit-codes.js';
import { JSON_LINES } from './table.js';
import { print } from './terminal.js';

const STATUS_WIDTH = 7;
const PART_WIDTH = 14;

export const doctorCommand = declareCommand(
  {
    name: 'doctor',
    summary:
      'Examine settings, secrets, proxies, Postgres, Redis, clocks, migrations, keys, mail, accounts, messages and providers: what is wrong, and what to do. Changes nothing.',
    options: { json: JSON_LINES },
    examples: ['doctor --json'],
  },
  async ({ json }, _application, environment) => {
    let isWrong = false;
    for await (const finding of examine(readEnvironment(environment))) {
      isWrong ||= finding.status === 'wrong';
      for (const line of json ? [JSON.stringify(finding)] : linesOf(finding)) print(line);
    }
    if (isWrong) process.exitCode = FAILED;
  },
);

function linesOf({ status, part, what, remedy }: ExaminedFinding): string[] {
  const before = `${status.padEnd(STATUS_WIDTH)}  ${part.padEnd(PART_WIDTH)}  `;
  return [
    `${before}${what}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(before.length)}${remedy}`]),
  ];
}
