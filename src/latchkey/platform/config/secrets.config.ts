import { IsArray } from 'class-validator';
import { ConfigSlice, FromEnv, type RefusesInProduction } from './config-slice.js';

@ConfigSlice()
export class SecretsConfig implements RefusesInProduction {
  /** The first signs and encrypts, all verify and decrypt. Empty: generated once for development. */
  @FromEnv('APP_SECRETS')
  @IsArray()
  appSecrets: string[] = [];

  productionRefusals(): string[] {
    if (this.appSecrets.length === 0) {
      return ['APP_SECRETS must be set in production; make one with: openssl rand -base64 48'];
    }
    return this.appSecrets.some(isWeakSecret)
      ? [
          `APP_SECRETS must hold only random secrets of at least ${MIN_SECRET_BYTES} bytes; make one with: openssl rand -base64 48`,
        ]
      : [];
  }
}

export const MIN_SECRET_BYTES = 32;
/** What comes after is not looked at: the work grows with the square of the length. */
const LONGEST_JUDGED = 256;

/** What hands write that are to write something random, forwards or backwards. */
const ROWS = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
];
const WALKS = [...ROWS, ...ROWS.map((row) => [...row].reverse().join(''))];
/** Of a random secret in hexadecimal no more than a third goes on so in one of 100,000. */
const MAX_PATTERNED_SHARE = 0.5;

/** Whether it is too short for a secret, or was written by hand and not drawn. */
export function isWeakSecret(secret: string): boolean {
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) return true;
  if (new Set(secret).size < 10 || isPatterned(secret)) return true;
  return /change|replace|placeholder|example|secret|password|your[-_ ]/i.test(secret);
}

/** Whether most of it repeats what stood before it, or goes on as a row of letters or keys does. */
function isPatterned(secret: string): boolean {
  const text = secret.slice(0, LONGEST_JUDGED).toLowerCase();
  const share = (isFollowed: (at: number) => boolean, from: number) => {
    const places = Array.from({ length: text.length - from }, (_, index) => from + index);
    return places.filter(isFollowed).length / places.length;
  };
  const inRow = share((at) => WALKS.some((row) => row.includes(text.slice(at - 1, at + 1))), 1);
  if (inRow > MAX_PATTERNED_SHARE) return true;
  const periods = Array.from({ length: Math.floor(text.length / 2) }, (_, index) => index + 1);
  return periods.some(
    (period) => share((at) => text[at] === text[at - period], period) > MAX_PATTERNED_SHARE,
  );
}
