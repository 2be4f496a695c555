import { vi } from 'vitest';
import type { Command } from '../../src/latchkey/operations/cli/command.js';
import { runProgram } from '../../src/latchkey/operations/cli/program.js';
import type { TestApp } from './test-app.js';

/** A command of the command line in this process, which is cheaper than one of its own. */
export async function runHere(
  command: Command,
  app: TestApp,
  args: string[],
): Promise<{ output: string; error?: string }> {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { exitCode: former } = process;
  process.exitCode = undefined;
  try {
    const argv = [...command.name.split(' '), ...args];
    const error = await runProgram([command], argv, (one, values) =>
      one.run(values, async () => app.nest, {}),
    ).then(
      () => (process.exitCode === undefined ? undefined : stderr.mock.calls.join('')),
      ({ message }: Error) => message,
    );
    return { output: stdout.mock.calls.join(''), error };
  } finally {
    process.exitCode = former;
    stdout.mockRestore();
    stderr.mockRestore();
  }
}
