import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { StartupError } from '../errors/startup-error.js';
import { Outbox } from '../outbox/outbox.js';
import {
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
} from '../outbox/outbox-handler.js';
import { findProvided } from '../ports/find-provided.js';
import { EraseUser } from './erase-user.js';

const KIND = 'erase-user';

/** Has every feature erase what it holds of somebody whose account is deleted. */
@Injectable()
export class UserErasures extends OutboxHandler implements OnModuleInit {
  readonly kind = KIND;
  private erasers: ReadonlyMap<string, EraseUser> = new Map();

  constructor(
    private readonly outbox: Outbox,
    private readonly discovery: DiscoveryService,
  ) {
    super();
  }

  /** @throws StartupError naming a class name that two erasers have */
  onModuleInit(): void {
    const found = findProvided(this.discovery, EraseUser);
    this.erasers = new Map(found.map((eraser) => [eraser.constructor.name, eraser]));
    if (this.erasers.size < found.length) {
      const names = found.map((eraser) => eraser.constructor.name);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      throw new StartupError(`Two classes that extend EraseUser are called ${twice}. Rename one.`);
    }
  }

  /** Begins them when the caller's transaction, which deletes the account, is committed. */
  async put(manager: EntityManager, userId: string): Promise<void> {
    for (const eraser of this.erasers.keys()) {
      await this.outbox.put(manager, {
        kind: KIND,
        recipient: `${eraser} ${userId}`,
        payload: { eraser, userId },
        untilDelivered: true,
      });
    }
  }

  override async deliver({ payload }: OutboxDelivery): Promise<OutboxOutcome> {
    const { eraser: name, userId } = payload as { eraser: string; userId: string };
    const eraser = this.erasers.get(name);
    if (eraser === undefined) throw new Error(`There is no ${name} in this version.`);
    await eraser.erase(userId);
    return 'delivered';
  }
}
