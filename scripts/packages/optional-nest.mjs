// What a plain service takes of Nest: Nest's own where there is Nest, so that one logger serves all,
// and a stand-in elsewhere.
import { loadOptional } from './load-optional.mjs';

const nest = loadOptional('@nestjs/common');

export const Injectable = nest?.Injectable ?? (() => () => undefined);

class StandardErrorLogger {
  constructor(context) {
    this.context = context;
  }
  log(message) {
    this.#write('INFO', message);
  }
  warn(message) {
    this.#write('WARN', message);
  }
  error(message) {
    this.#write('ERROR', message);
  }
  #write(level, message) {
    const time = new Date().toISOString();
    process.stderr.write(`${time} ${level} [${this.context}] ${message}\n`);
  }
}

export const Logger = nest?.Logger ?? StandardErrorLogger;
