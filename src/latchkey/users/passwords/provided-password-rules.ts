import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { settlesWithin } from '../../platform/clock/settles-within.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import type { PasswordOwner } from './guessable-words.js';
import { PasswordRule } from './password-rule.js';
import { passwordsErrors } from './passwords.errors.js';

const RETRY_AFTER_SECONDS = 5;

/** Asks the extending team's rules, none for longer than it says itself. */
@Injectable()
export class ProvidedPasswordRules implements OnModuleInit {
  private readonly logger = new Logger(ProvidedPasswordRules.name);
  private rules: readonly PasswordRule[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.rules = findProvided(this.discovery, PasswordRule);
  }

  /**
   * @param onAsk called first, if there is any rule
   * @throws LatchkeyError `passwords.check_unavailable` when a rule that must answer does not
   */
  async problemsOf(password: string, owner: PasswordOwner, onAsk: () => void): Promise<string[]> {
    if (this.rules.length > 0) onAsk();
    const answers = await Promise.all(this.rules.map((rule) => this.ask(rule, password, owner)));
    return answers.filter((answer) => answer !== undefined);
  }

  private async ask(
    rule: PasswordRule,
    password: string,
    owner: PasswordOwner,
  ): Promise<string | undefined> {
    try {
      return await settlesWithin(rule.timeoutMilliseconds, async (signal) =>
        rule.check(password, owner, signal),
      );
    } catch (err) {
      const { name } = rule.constructor;
      this.logger.warn({ err, rule: name, whenUnable: rule.whenUnable }, 'A rule cannot judge');
      if (rule.whenUnable === 'accept') return undefined;
      throw passwordsErrors.checkUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
  }
}
