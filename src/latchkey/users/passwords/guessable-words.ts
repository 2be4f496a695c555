import { foldPassword, lengthOf } from './password-text.js';

const PRODUCT_NAME = 'latchkey';
/** Shorter words stand in too many good passwords by chance. */
const MIN_WORD_LENGTH = 3;

/** Whose password it is to be: it must not be made of their address or name. */
export interface PasswordOwner {
  readonly email: string;
  readonly name?: string | null;
}

/** What somebody would try who knows whose password it is and what for. */
export interface GuessableWord {
  /** As `foldPassword` gives it. */
  readonly word: string;
  /** Where it comes from, for the message. */
  readonly source: string;
}

/** The longest first. */
export function guessableWords(
  { email, name }: PasswordOwner,
  contextWords: readonly string[],
): GuessableWord[] {
  const at = email.lastIndexOf('@');
  const mailbox = email.slice(0, at);
  const domain = email.slice(at + 1);
  const sources = {
    'the e-mail address': [email, ...withParts(mailbox), ...withParts(withoutTopLevel(domain))],
    'the name': withParts(name ?? ''),
    'the name of this service': [PRODUCT_NAME, ...contextWords],
  };
  return Object.entries(sources)
    .flatMap(([source, words]) => words.map((word) => ({ word: foldPassword(word), source })))
    .filter(({ word }) => lengthOf(word) >= MIN_WORD_LENGTH)
    .sort((a, b) => b.word.length - a.word.length);
}

function withParts(text: string): string[] {
  return [text, ...text.split(/[^\p{L}\p{N}]+/u)];
}

function withoutTopLevel(domain: string): string {
  return domain.slice(0, domain.lastIndexOf('.'));
}
