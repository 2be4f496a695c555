/** In this order: most name those after them, too. */
const BROWSERS = [
  ['Edge', /\bEdgA?(?:iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|Chromium|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;

const SYSTEMS = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const;

/**
 * What a mail says of a browser and its system, in words of our own: what a client calls itself is the
 * choice of whoever asks, and in a mail it would be their text under our name. Null when neither is known.
 */
export function deviceWords(userAgent: string | null): string | null {
  const named = [BROWSERS, SYSTEMS].map((known) => nameIn(userAgent ?? '', known));
  return named.filter((name) => name !== undefined).join(', ') || null;
}

function nameIn(
  userAgent: string,
  known: readonly (readonly [string, RegExp])[],
): string | undefined {
  return known.find(([, pattern]) => pattern.test(userAgent))?.[0];
}
