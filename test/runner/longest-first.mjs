import Sequencer from '@jest/test-sequencer';

/** They mostly wait: begun first, they wait beside everything else. */
const LONGEST = [
  'browser/many-tabs.test.ts',
  'passwords/account-enumeration.test.ts',
  'sessions/refresh-races.test.ts',
  'faults/redis-faults.test.ts',
];

/**
 * A clean clone knows no durations, and Jest would go by the size of the files. The team's own tests come
 * last: what their features declare (errors, settings, audit actions) stays declared in the process, and
 * Latchkey's tests expect Latchkey's alone.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((name) => path.endsWith(name));
      if (path.includes('/test/app/')) return LONGEST.length + 1;
      return place === -1 ? LONGEST.length : place;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
