/** In code points. */
export const MAX_PASSWORD_LENGTH = 256;

/** In code points: what a person would count, near enough. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
