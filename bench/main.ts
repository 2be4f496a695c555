import { BenchRun } from './bench-run.js';
import { type CommandLine, HELP, readCommandLine } from './command-line.js';
import { measureRow } from './measure-row.js';
import { Progress } from './report/progress.js';
import { printRow, printSummary } from './report/table.js';
import { writeResults } from './report/write-results.js';
import type { Row } from './row.js';
import { ROWS } from './rows.js';

const INTERRUPTED = 130;

/** @returns the exit code: a missed target is no failure, a row that could not be measured is */
export async function main(parameters: string[]): Promise<number> {
  let commandLine: CommandLine;
  try {
    commandLine = readCommandLine(parameters);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (commandLine.help) return say(HELP);
  if (commandLine.list) {
    return say(ROWS.map(({ name, target }) => `${name.padEnd(22)}${target}\n`).join(''));
  }
  const { names, quick } = commandLine;
  const unknown = names.filter((name) => !ROWS.some((row) => row.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no row ${unknown.join(', ')}: see --list.\n`);
    return 2;
  }
  const rows = names.length === 0 ? ROWS : ROWS.filter(({ name }) => names.includes(name));
  return measure(rows, quick, names.length === 0);
}

async function measure(rows: readonly Row[], quick: boolean, complete: boolean): Promise<number> {
  const progress = new Progress(process.stderr);
  const bench = new BenchRun({ quick, progress: (text) => progress.show(text) });
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    progress.clear();
    void bench.end().finally(() => process.exit(INTERRUPTED));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const startedAt = new Date();
  try {
    const results = [];
    for (const row of rows) {
      progress.begin(row.name);
      const result = await measureRow(bench, row);
      if (interrupted) return INTERRUPTED;
      progress.clear();
      printRow(result);
      results.push(result);
    }
    printSummary(results);
    if (complete) await writeResults({ startedAt, quick, results });
    return results.some(({ failure }) => failure !== undefined) ? 1 : 0;
  } finally {
    await bench.end();
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
