import type { RowResult } from '../measure-row.js';
import type { Figure } from '../row.js';
import { goalText, verdictOf, withUnit } from './verdict.js';

const LABEL_WIDTH = 62;
const NUMBER_WIDTH = 14;

export function printRow({
  name,
  title,
  figures,
  seconds,
  notAvailable,
  failure,
}: RowResult): void {
  const lines = [`\n${title}  (${name}, ${seconds} s)`];
  if (notAvailable !== undefined) lines.push(`  not available: ${notAvailable}`);
  if (failure !== undefined) lines.push(`  could not be measured: ${failure}`);
  lines.push(...figures.map(line));
  process.stdout.write(`${lines.join('\n')}\n`);
}

export function printSummary(results: readonly RowResult[]): void {
  const verdicts = results.flatMap(({ figures }) => figures.map(verdictOf));
  const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length;
  const notAvailable = results.filter((result) => result.notAvailable !== undefined).length;
  const failed = results.filter(({ failure }) => failure !== undefined).length;
  process.stdout.write(
    `\n${count('met')} targets met, ${count('missed')} missed, ` +
      `${notAvailable} rows not available, ${failed} rows failed\n`,
  );
}

function line(figure: Figure): string {
  const { label, value, unit, goal } = figure;
  const columns = [
    label.padEnd(LABEL_WIDTH),
    withUnit(value, unit).padStart(NUMBER_WIDTH),
    goalText(goal, unit).padStart(NUMBER_WIDTH),
    verdictOf(figure) ?? '',
  ];
  return `  ${columns.join('  ')}`.trimEnd();
}
