import type { BrowserContextOptions } from 'playwright-core';
import { sampled } from './test-depth.js';

type Screen = readonly [name: string, options: BrowserContextOptions];

const SCREENS: readonly Screen[] = [
  ['390 px, dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
  ['1280 px, light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
];

/**
 * A phone in the dark and a desk in the light: both at full depth, and otherwise one of them. `every-page.test.ts`
 * looks at half of the pages on each.
 *
 * @param turn an odd one takes the desk, so that the files of a run look at both
 */
export function screens(turn: number): Screen[] {
  return sampled(SCREENS, { oneIn: SCREENS.length, turn });
}
