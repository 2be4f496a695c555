import Sequencer from '@jest/test-sequencer';

/** They mostly wait: begun first, they wait beside everything else. */
const LONGEST = [
  'browser/many-tabs.test.ts',
  'passwords/account-enumeration.test.ts',
  'sessions/refresh-races.test.ts',
  'faults/redis-faults.test.ts',
];

/** A clean clone knows no durations, and Jest would go by the size of the files. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((name) => path.endsWith(name));
      return place === -1 ? LONGEST.length : place;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
