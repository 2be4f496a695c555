/**
 * What makes text look like other text where it is shown (ASVS 16.4.1): control characters, with which
 * terminals move and erase, line and paragraph separators, overrides of the direction of writing. And
 * halves of surrogate pairs, which are no text.
 */
export const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
