import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores } from '../../../support/stores.js';

/** Lines of a hundred bytes: many times what a pipe holds. */
const LINES = 5_000;
const MORE_LINES_THAN_ARE_HELD = 200_000;

/** The log of the built service, in a process that writes numbered lines, turn by turn. */
function program(lines: number, end: string): string {
  const built = (file: string) => pathToFileURL(`dist/latchkey/platform/logging/${file}.js`).href;
  return `
    import { writeSync } from 'node:fs';
    import { createLogger } from '${built('create-logger')}';
    import { logCrashes } from '${built('log-crashes')}';
    const logger = createLogger({ level: 'info' });
    logCrashes(logger);
    let number = 0;
    while (number < ${lines}) {
      for (let turn = 0; turn < 50; turn++) logger.info({ number: number++ }, 'a line');
      await new Promise(setImmediate);
    }
    writeSync(2, 'written');
    ${end}
  `;
}

interface LogLine {
  readonly number?: number;
  readonly msg: string;
}

/** Runs it with a reader that takes nothing until everything has been written. */
async function logOf(code: string): Promise<{ lines: LogLine[]; exitCode: number | null }> {
  const parameters = ['--input-type=module', '--eval', code];
  const child: ChildProcess = spawn(process.execPath, parameters, { stdio: 'pipe' });
  await once(child.stderr ?? child, 'data');
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  await once(child, 'close');
  return { lines: parsed(text), exitCode: child.exitCode };
}

function parsed(text: string): LogLine[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function numbersOf(lines: readonly LogLine[]): number[] {
  return lines.flatMap(({ number }) => (number === undefined ? [] : [number]));
}

describe('the log loses nothing when the process ends', () => {
  it.each([
    { how: 'by process.exit', end: 'process.exit(3);', exitCode: 3 },
    { how: 'because nothing is left to do', end: '', exitCode: 0 },
    { how: 'by an error that nobody caught', end: 'throw new Error("a fault");', exitCode: 1 },
    {
      how: 'by a promise whose rejection nobody handled',
      end: 'void Promise.reject(new Error("a fault")); setInterval(() => {}, 1000);',
      exitCode: 1,
    },
  ])('$how, with a reader that is late', async ({ end, exitCode }) => {
    const log = await logOf(program(LINES, end));
    expect(log.exitCode).toBe(exitCode);
    expect(numbersOf(log.lines)).toEqual([...Array(LINES).keys()]);
    expect(log.lines.some(({ msg }) => msg.startsWith('The process ends'))).toBe(exitCode === 1);
  });

  it('by SIGTERM, after thousands of requests', async () => {
    const stores = await createStores();
    const service = await ServedProcess.start(stores, { LOG_LEVEL: 'info' });
    const inTurn = async () => {
      for (let request = 0; request < 100; request++) {
        await service.client.send('GET', '/health/live');
      }
    };
    await Promise.all(Array.from({ length: 20 }, inTurn));
    const { output, exitCode } = await service.stop('SIGTERM');
    await service.kill();
    await stores.drop();
    const requests = output.split('\n').filter((line) => line.endsWith('"msg":"request"}'));
    expect(exitCode).toBe(0);
    expect(requests).toHaveLength(2_000);
    expect(parsed(requests[0] ?? '')).toEqual([
      expect.objectContaining({
        requestId: expect.any(String),
        req: { method: 'GET', route: '/health/live', ip: '127.0.0.1' },
        res: { statusCode: 200 },
        milliseconds: expect.any(Number),
      }),
    ]);
  });
});

describe('a reader of the log that has stopped', () => {
  it('holds nobody up, and is told how many lines it has missed', async () => {
    const { lines } = await logOf(program(MORE_LINES_THAN_ARE_HELD, ''));
    const numbers = numbersOf(lines);
    const leftOut = lines.map(({ msg }) =>
      Number(/^(\d+) log lines were dropped/.exec(msg)?.[1] ?? 0),
    );
    expect(numbers).toEqual([...Array(numbers.length).keys()]);
    expect(numbers.length).toBeLessThan(MORE_LINES_THAN_ARE_HELD);
    expect(numbers.length + leftOut.reduce((sum, count) => sum + count, 0)).toBe(
      MORE_LINES_THAN_ARE_HELD,
    );
  });
});
