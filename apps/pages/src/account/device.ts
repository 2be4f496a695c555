import { words } from '../words/words.js';

/** The first that fits: some browsers name others as well. */
const BROWSERS = [
  [/\bEdg/, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;
const SYSTEMS = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;
const LONGEST = 60;

/** What a user agent calls itself, in a few words: it may say what it likes. */
export function deviceOf(userAgent: string): string {
  const { account: say } = words;
  const find = (list: readonly (readonly [RegExp, string])[]) =>
    list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser && system) return say.on(browser, system);
  return (browser ?? system ?? userAgent.slice(0, LONGEST)) || say.unknownDevice;
}
