import { type Logger, pino } from 'pino';
import { loggableError } from './loggable-error.js';
import type { LoggingConfig } from './logging.config.js';

interface LoggedRequest {
  method: string;
  routeOptions: { url?: string };
  ip: string;
}

/**
 * The process's log: JSON lines on standard output. A request is logged by method, route
 * as declared and address alone: paths, queries, headers and bodies can carry credentials and are
 * never written.
 */
export function createLogger(config: LoggingConfig): Logger {
  return pino({
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
  });
}
