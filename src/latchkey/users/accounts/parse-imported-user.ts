import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { excessOf } from '../../platform/http/bodies/body-limits.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import { ImportedUser, type UserToImport } from './imported-user.js';
import type { Line } from './read-lines.js';

const validation = requestValidation();
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** An object that holds lists of texts. */
const LINE_LIMITS = { depth: 2, values: 128 };
const FIELD_NAME = /^[A-Za-z_]{1,40}$/;

/** What a line holds, or why it is refused: in words that hold nothing of what it says. */
export type ParsedLine = { readonly user: UserToImport } | { readonly refusal: string };

/** Null for a line of white space. */
export async function parseImportedUser(
  { bytes }: Line,
  defaultRole: string,
): Promise<ParsedLine | null> {
  if (bytes === null) return { refusal: 'the line is longer than 65536 bytes' };
  let parsed: unknown;
  try {
    const text = utf8.decode(bytes).trim();
    if (text === '') return null;
    parsed = JSON.parse(text);
  } catch {
    return { refusal: 'the line is not JSON in UTF-8' };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { refusal: 'the line is not a JSON object' };
  }
  if (excessOf(parsed, LINE_LIMITS) !== null)
    return { refusal: 'the line is nested too deeply or too full' };
  try {
    const user: ImportedUser = await validation.transform(parsed, {
      type: 'body',
      metatype: ImportedUser,
    });
    return { user: Object.assign(user, { roles: user.roles ?? [defaultRole] }) };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

function refusalOf(error: unknown): string {
  if (!(error instanceof LatchkeyError)) throw error;
  const problems = (error.fields ?? []).map(({ field, message }) =>
    FIELD_NAME.test(field.replace(/\.\d+$/, '')) ? message : 'a field has no known name',
  );
  return [...new Set(problems)].join('; ');
}
