import type { Logger } from 'pino';

/**
 * Logs an uncaught error by the rules of the log and ends the process with exit code 1. Node itself
 * would print everything that the error holds, such as the parameters of an SQL statement or the
 * headers of a request.
 */
export function logCrashes(logger: Logger): void {
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'The process ends because of an uncaught error');
    process.exit(1);
  });
}
