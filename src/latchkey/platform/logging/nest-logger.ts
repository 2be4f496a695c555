import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { StartupError } from '../errors/startup-error.js';

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Where Nest tells of every module and route at each start. */
const CHATTER = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Lets Nest's `Logger` write into the process's log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...rest: unknown[]) =>
    this.write(CHATTER.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  error = (message: unknown, ...rest: unknown[]) => this.write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]) => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]) => this.write('fatal', message, rest);

  /** Nest passes the context last; a text in front of it belongs to the object logged. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    // `serve` and the command line report it to the operator in one line.
    if (message instanceof StartupError) return;
    const context = rest.at(-1);
    const text = rest.slice(0, -1).find((part) => typeof part === 'string');
    if (message instanceof Error) this.logger[level]({ context, err: message }, message.message);
    else if (typeof message === 'object') this.logger[level]({ context, ...message }, text);
    else
      this.logger[level]({ context, ...(text !== undefined && { trace: text }) }, String(message));
  }
}
