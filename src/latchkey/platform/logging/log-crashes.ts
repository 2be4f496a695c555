import type { Logger } from 'pino';

/**
 * Ends the process, with exit code 1, on an error that nobody caught, and writes it down by the
 * rules of the log. Node itself would print all that the error holds: the parameters of an SQL
 * statement, the headers of a request.
 */
export function logCrashes(logger: Logger): void {
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'The process ends: nobody caught this error');
    process.exit(1);
  });
}
