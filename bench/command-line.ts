import { parseArgs } from 'node:util';

export interface CommandLine {
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

export const HELP = `Measures every target of docs/performance.md and says which are met.

  npm run bench                    every row; writes bench/results/
  npm run bench -- <name> …        these rows only; writes nothing
  npm run bench -- --quick         shorter rounds, for a first look
  npm run bench -- --list          the rows and their targets
  npm run bench -- --help          this text
`;

/** @throws TypeError naming an option that does not exist */
export function readCommandLine(parameters: string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: parameters,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return { names: positionals, ...values };
}
