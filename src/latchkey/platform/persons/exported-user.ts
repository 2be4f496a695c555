import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../errors/startup-error.js';
import { findProvided } from '../ports/find-provided.js';
import { ExportUser } from './export-user.js';

/** Everything that this server holds of somebody, as one JSON object. */
@Injectable()
export class ExportedUser implements OnModuleInit {
  private exports: readonly ExportUser[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws StartupError naming what two exports are called */
  onModuleInit(): void {
    this.exports = findProvided(this.discovery, ExportUser);
    const names = this.exports.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new StartupError(
        `Two classes that extend ExportUser are named "${twice}". Rename one.`,
      );
    }
  }

  /**
   * Reads what is short before it returns, so that what fails is an error and not half an answer; what is
   * long is read while it is written.
   *
   * @returns the text of the object, in pieces
   */
  async read(userId: string): Promise<AsyncIterable<string>> {
    const parts: [string, unknown][] = [];
    for (const one of this.exports) parts.push([one.name, await one.export(userId)]);
    return write([['exportedAt', new Date().toISOString()], ...parts]);
  }
}

async function* write(members: readonly (readonly [string, unknown])[]): AsyncGenerator<string> {
  let before = '{';
  for (const [name, value] of members) {
    yield `${before}${JSON.stringify(name)}:`;
    if (isIterable(value)) yield* writeList(value);
    else yield JSON.stringify(value ?? null);
    before = ',';
  }
  yield '}';
}

async function* writeList(items: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '[';
  for await (const item of items) {
    yield before + JSON.stringify(item);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
