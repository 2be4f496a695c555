// #region full
import { Injectable } from '@nestjs/common';
import { type AuthorizationFacts, ClaimsContributor } from '../latchkey/index.js';
import { NotesConfig } from './notes.config.js';

/** A claim in every access token: how many notes the user may keep. */
@Injectable()
export class NoteLimitClaims extends ClaimsContributor {
  readonly claims = ['note_limit'];

  constructor(private readonly config: NotesConfig) {
    super();
  }

  contribute(_: AuthorizationFacts) {
    return { note_limit: this.config.maxPerUser };
  }
}
// #endregion
