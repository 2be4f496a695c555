// #region full
import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import type { AnnouncedEvent } from '../latchkey/index.js';
import { Notes } from './notes.js';

/** What happens after something else has: everybody starts with a note. */
@Injectable()
export class WelcomeNote {
  constructor(private readonly notes: Notes) {}

  @OnEvent('user.registered')
  async welcome({ target, actor }: AnnouncedEvent): Promise<void> {
    if (target !== undefined) await this.notes.write(target.id, { text: 'Welcome!' }, actor);
  }
}
// #endregion
