import { Injectable } from '@nestjs/common';
import { RuntimeConfig } from '../../platform/config/runtime.config.js';
import type { FieldError } from '../../platform/errors/latchkey-error.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { CommonPasswords } from './common-passwords.js';
import { guessableWords, type PasswordOwner } from './guessable-words.js';
import { foldPassword, lengthOf, MAX_PASSWORD_LENGTH, normalizePassword } from './password-text.js';
import { PasswordsConfig } from './passwords.config.js';
import { ProvidedPasswordRules } from './provided-password-rules.js';

/**
 * The example of the documentation, which a first try must be able to take as it stands there. In
 * production it is what it is: a phrase that everybody knows.
 */
const DOCUMENTED_EXAMPLE = 'correct horse battery staple';

/** What is left beside the words one could guess must not be shorter. */
const MIN_REMAINDER_LENGTH = 8;

/**
 * What makes a password unfit (SP 800-63B-4, 3.1.1.2): its length, being one of the commonest,
 * being made of its owner's address or name or of the product's, and what the extending team's own
 * rules say. No rules of composition. Every way to choose a password asks here.
 */
@Injectable()
export class PasswordPolicy {
  constructor(
    private readonly config: PasswordsConfig,
    private readonly provided: ProvidedPasswordRules,
    private readonly runtime: RuntimeConfig,
  ) {}

  /**
   * Every problem with the password, named for the request's `field`; none means it is fit.
   *
   * @param onAsk called before rules of the extending team's own are asked
   * @throws LatchkeyError `passwords.check_unavailable`
   */
  async check(
    field: string,
    password: string,
    owner: PasswordOwner,
    onAsk: () => void = () => undefined,
  ): Promise<FieldError[]> {
    const normalized = normalizePassword(password);
    const own = await this.ownProblemsOf(password, normalized, owner);
    const problems =
      own.length > 0 ? own : await this.provided.problemsOf(normalized, owner, onAsk);
    return problems.map((problem) => ({ field, message: `${field} ${problem}` }));
  }

  /**
   * @param onAsk see `check`
   * @throws LatchkeyError `request.invalid` naming `field` when the password is unfit,
   *   `passwords.check_unavailable`
   */
  async require(
    field: 'password' | 'newPassword',
    password: string,
    owner: PasswordOwner,
    onAsk?: () => void,
  ): Promise<void> {
    const fields = await this.check(field, password, owner, onAsk);
    if (fields.length > 0) throw requestErrors.invalid({ fields });
  }

  private async ownProblemsOf(
    password: string,
    normalized: string,
    owner: PasswordOwner,
  ): Promise<string[]> {
    if (lengthOf(password) > MAX_PASSWORD_LENGTH) {
      return [`must have at most ${MAX_PASSWORD_LENGTH} characters`];
    }
    const common = await CommonPasswords.load();
    const folded = foldPassword(normalized);
    return [
      this.tooShort(normalized),
      common.include(folded) && !this.isFirstTry(normalized)
        ? 'must not be one of the commonest passwords'
        : undefined,
      this.builtFromWords(folded, owner, common),
    ].filter((problem) => problem !== undefined);
  }

  private isFirstTry(normalized: string): boolean {
    return !this.runtime.production && normalized.includes(DOCUMENTED_EXAMPLE);
  }

  private tooShort(normalized: string): string | undefined {
    const { minLength } = this.config;
    return lengthOf(normalized) < minLength
      ? `must have at least ${minLength} characters`
      : undefined;
  }

  private builtFromWords(
    folded: string,
    owner: PasswordOwner,
    common: CommonPasswords,
  ): string | undefined {
    let remainder = folded;
    const sources = new Set<string>();
    for (const { word, source } of guessableWords(owner, this.config.contextWords)) {
      if (!remainder.includes(word)) continue;
      remainder = remainder.replaceAll(word, '');
      sources.add(source);
    }
    if (sources.size === 0) return undefined;
    if (lengthOf(remainder) >= MIN_REMAINDER_LENGTH && !common.include(remainder)) return undefined;
    return `must not be built from ${[...sources].sort().join(' and ')}`;
  }
}
