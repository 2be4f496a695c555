import { vi } from 'vitest';
import type { Command } from '../../src/latchkey/operations/cli/command.js';
import type { TestApp } from './test-app.js';

/** A command of the command line in this process, which is cheaper than one of its own. */
export async function runHere(
  command: Command,
  app: TestApp,
  args: string[],
): Promise<{ output: string; error?: string }> {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const error = await command
      .run(args, async () => app.nest)
      .then(
        () => undefined,
        ({ message }: Error) => message,
      );
    return { output: stdout.mock.calls.join(''), error };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}
