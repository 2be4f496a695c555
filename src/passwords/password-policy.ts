import { Injectable } from '@nestjs/common';
import type { FieldError } from '../errors/latchkey-error.js';
import { requestErrors } from '../errors/request.errors.js';
import { COMMON_PASSWORDS } from './common-passwords.js';
import { PasswordsConfig } from './passwords.config.js';

/** In code points. */
export const MAX_PASSWORD_LENGTH = 256;

const PRODUCT_NAME = 'latchkey';
/** Shorter words stand in too many good passwords by chance. */
const MIN_WORD_LENGTH = 3;
/** What is left beside the words one could guess must not be shorter. */
const MIN_REMAINDER_LENGTH = 8;

export interface PasswordOwner {
  readonly email: string;
  readonly name?: string | null;
}

/**
 * What makes a password unfit (SP 800-63B-4, 3.1.1.2): its length, being one of the commonest, or
 * being made of its owner's address or name or of the product's. No rules of composition.
 */
@Injectable()
export class PasswordPolicy {
  constructor(private readonly config: PasswordsConfig) {}

  /** Every problem with the password, named for the request's `field`; none means it is fit. */
  check(field: string, password: string, owner: PasswordOwner): FieldError[] {
    const message = this.problemOf(password, owner);
    return message === undefined ? [] : [{ field, message: `${field} ${message}` }];
  }

  /** @throws LatchkeyError `request.invalid` naming `field` when the password is unfit */
  require(field: 'password' | 'newPassword', password: string, owner: PasswordOwner): void {
    const fields = this.check(field, password, owner);
    if (fields.length > 0) throw requestErrors.invalid({ fields });
  }

  private problemOf(password: string, owner: PasswordOwner): string | undefined {
    const length = lengthOf(password);
    if (length > MAX_PASSWORD_LENGTH) return `must have at most ${MAX_PASSWORD_LENGTH} characters`;
    if (length < this.config.minLength) {
      return `must have at least ${this.config.minLength} characters`;
    }
    const folded = foldPassword(password);
    if (COMMON_PASSWORDS.has(folded)) return 'must not be one of the commonest passwords';
    const remainder = withoutWords(folded, guessableWords(owner));
    if (remainder === folded) return undefined;
    if (lengthOf(remainder) >= MIN_REMAINDER_LENGTH && !COMMON_PASSWORDS.has(remainder)) {
      return undefined;
    }
    return 'must not be built from the e-mail address, the name or the name of this service';
  }
}

/** In code points: what a person would count, near enough. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Drops what people vary to make a common password look new: case, spaces, ASCII punctuation. */
function foldPassword(password: string): string {
  return password
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s!-/:-@[-`{-~]/g, '');
}

function guessableWords({ email, name }: PasswordOwner): string[] {
  const at = email.lastIndexOf('@');
  const mailbox = email.slice(0, at);
  const domain = email.slice(at + 1);
  const parts = [mailbox, name ?? '', domain.slice(0, domain.lastIndexOf('.'))];
  const words = [email, ...parts, ...parts.flatMap((part) => part.split(/[^\p{L}\p{N}]+/u))];
  return [PRODUCT_NAME, ...words]
    .map(foldPassword)
    .filter((word) => lengthOf(word) >= MIN_WORD_LENGTH)
    .sort((a, b) => b.length - a.length);
}

function withoutWords(folded: string, words: readonly string[]): string {
  return words.reduce((rest, word) => rest.replaceAll(word, ''), folded);
}
