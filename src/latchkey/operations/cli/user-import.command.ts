import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { StartupError } from '../../platform/errors/startup-error.js';
import {
  type ImportCounts,
  ImportUsers,
  type RefusedLine,
} from '../../users/accounts/import-users.js';
import { readLines } from '../../users/accounts/read-lines.js';
import { declareCommand } from './command.js';
import { complain, print } from './terminal.js';
import { argument, flag, text } from './values.js';

const PROGRESS_LINES = 10_000;
/** Readable by the account that runs the import alone: it names lines of a file of hashes. */
const REPORT_MODE = 0o600;

export const importUsersCommand = declareCommand(
  {
    name: 'users import',
    summary:
      'Make an account of each line of a file (docs/importing-users.md). Run it again to go on after an interruption.',
    arguments: {
      path: argument(
        'file',
        'Of lines { email, passwordHash, emailVerified?, name?, roles?, status?, createdAt? }.',
      ),
    },
    options: {
      report: text('file', 'Where refused lines are named; without it, <file>.refused.'),
      dryRun: flag('Only say what would be done.'),
    },
    examples: ['users import users.ndjson --dry-run'],
  },
  async ({ path, dryRun, report = `${path}.refused` }, application) => {
    await using input = await openFile(path, 'r');
    await using output = await openFile(await reportPath(report, path), 'w');
    const users = (await application()).get(ImportUsers);
    const counts = await users.import(readLines(input.createReadStream({ autoClose: false })), {
      name: basename(path),
      dryRun,
      report: (soFar, refused) => tell(output, soFar, refused),
    });
    conclude(counts, { report, dryRun });
  },
);

/** @throws StartupError when it would overwrite the file of users */
async function reportPath(report: string, input: string): Promise<string> {
  const existing = await realpath(report).catch(() => resolve(report));
  if (existing !== (await realpath(input))) return report;
  throw new StartupError('The report would overwrite the file: name another one by --report.');
}

async function openFile(path: string, flags: string): Promise<FileHandle> {
  try {
    return await open(path, flags, REPORT_MODE);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new StartupError(`${path} cannot be opened (${code}).`, { cause });
  }
}

async function tell(
  output: FileHandle,
  counts: ImportCounts,
  refused: readonly RefusedLine[],
): Promise<void> {
  await output.appendFile(refused.map((line) => `${JSON.stringify(line)}\n`).join(''));
  if (counts.lines % PROGRESS_LINES === 0) complain(summaryOf(counts));
}

function conclude(
  counts: ImportCounts,
  { report, dryRun }: { report: string; dryRun: boolean },
): void {
  print(`${dryRun ? 'Nothing was changed. It would be: ' : ''}${summaryOf(counts)}`);
  if (counts.refused === 0) return;
  throw new StartupError(`Some lines were refused: ${report} says which and why.`);
}

function summaryOf({ lines, imported, skipped, refused }: ImportCounts): string {
  return `${lines} lines: ${imported} imported, ${skipped} skipped, ${refused} refused`;
}
