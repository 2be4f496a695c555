import { createHash } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import type { FactoryProvider } from '@nestjs/common';
import { StartupError } from '../../platform/errors/startup-error.js';
import type { BreachCorpus } from './breach-corpus.js';
import { BreachFile } from './breach-file.js';
import { BreachRangeApi } from './breach-range-api.js';
import type { PasswordOwner } from './guessable-words.js';
import { PasswordRule } from './password-rule.js';
import { PasswordsConfig } from './passwords.config.js';

/**
 * Refuses passwords that are known from a breach (OWASP ASVS 6.2.12), where `PASSWORD_BREACH_CHECK` says
 * who knows. When it cannot say, or not in time, the password is accepted, and the log has it.
 */
export class BreachedPasswords extends PasswordRule {
  constructor(private readonly corpus: BreachCorpus) {
    super();
  }

  async check(
    password: string,
    _owner: PasswordOwner,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const digest = createHash('sha1').update(password).digest('hex').toUpperCase();
    const known = await this.corpus.includes(digest, signal);
    return known ? 'must not be known from a breach' : undefined;
  }
}

/** Null where no corpus is to be asked. */
export const breachedPasswordsProvider: FactoryProvider<BreachedPasswords | null> = {
  provide: BreachedPasswords,
  inject: [PasswordsConfig],
  async useFactory({ breachCheck }: PasswordsConfig) {
    if (breachCheck === 'off') return null;
    if (!breachCheck.startsWith('/')) return new BreachedPasswords(new BreachRangeApi(breachCheck));
    await requireReadable(breachCheck);
    return new BreachedPasswords(new BreachFile(breachCheck));
  },
};

async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw new StartupError('The file that PASSWORD_BREACH_CHECK names cannot be read.', { cause });
  }
}
