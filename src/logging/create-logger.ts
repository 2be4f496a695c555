import { type Logger, pino } from 'pino';
import { loggableError } from './loggable-error.js';
import type { LoggingConfig } from './logging.config.js';

interface LoggedRequest {
  method: string;
  url: string;
  ip: string;
}

/**
 * The process's log: JSON lines on standard output. A request is logged by method, path and
 * address alone: queries, headers and bodies can carry credentials and are never written.
 */
export function createLogger(config: LoggingConfig): Logger {
  return pino({
    level: config.level,
    serializers: {
      err: loggableError,
      req: ({ method, url, ip }: LoggedRequest) => ({ method, path: url.split('?', 1)[0], ip }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  });
}
