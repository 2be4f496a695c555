import { type Logger, pino } from 'pino';
import { BatchedOutput } from './batched-output.js';
import { loggableError } from './loggable-error.js';
import type { LoggingConfig } from './logging.config.js';
import { readableLine } from './readable-line.js';

interface LoggedRequest {
  method: string;
  routeOptions: { url?: string };
  ip: string;
}

/** Every logger of the process writes into the same batches. */
let output: BatchedOutput | undefined;

/**
 * The process's log: JSON lines on standard output, in batches; for a person, lines of text. A
 * request is logged by method, route as declared and address alone: paths, queries, headers and bodies
 * can carry credentials and are never written.
 */
export function createLogger(
  config: Pick<LoggingConfig, 'level' | 'format'>,
  { production = false } = {},
): Logger {
  const { stdout } = process;
  const isText = (config.format ?? (stdout.isTTY && !production ? 'text' : 'json')) === 'text';
  const coloured = isText && stdout.isTTY && stdout.hasColors();
  output ??= new BatchedOutput(process.stdout.fd, lostLines);
  return pino(
    {
      level: config.level,
      serializers: {
        err: loggableError,
        req: ({ method, routeOptions, ip }: LoggedRequest) => ({
          method,
          route: routeOptions.url ?? 'unknown',
          ip,
        }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
    },
    isText ? { write: (line) => output?.write(readableLine(line, coloured)) } : output,
  );
}

/** How many lines of the log were dropped since the process started. */
export function droppedLines(): number {
  return output?.lostLines ?? 0;
}

function lostLines(lines: number): string {
  const msg = `${lines} log lines were dropped: the reader of the log did not take them in time.`;
  return `${JSON.stringify({ level: pino.levels.values.warn, time: Date.now(), pid: process.pid, msg })}\n`;
}
