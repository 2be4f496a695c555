import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { drawChart } from './chart.js';
import type { RunResults } from './run-results.js';
import { verdictOf } from './verdict.js';

const DIRECTORY = new URL('../results/', import.meta.url);

/** The figures of a complete run as JSON, by its date, and as a drawing. */
export async function writeResults(run: RunResults): Promise<void> {
  const { startedAt, quick, results } = run;
  const rows = results.map((result) => ({
    ...result,
    figures: result.figures.map((figure) => ({ ...figure, verdict: verdictOf(figure) })),
  }));
  const machine = {
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    loadAverage: loadavg(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  const report = { startedAt, quick, commit: await findCommit(), machine, rows };
  const name = `${startedAt.toISOString().slice(0, 10)}.json`;
  await mkdir(DIRECTORY, { recursive: true });
  await writeFile(new URL(name, DIRECTORY), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(new URL('latest.svg', DIRECTORY), drawChart(run));
  process.stdout.write(`Written: bench/results/${name} and bench/results/latest.svg\n`);
}

async function findCommit(): Promise<string | null> {
  return promisify(execFile)('git', ['rev-parse', '--short', 'HEAD']).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
