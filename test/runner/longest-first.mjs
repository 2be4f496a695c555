import { BaseSequencer } from 'vitest/node';
import { ofThisDepth } from './full-depth-only.mjs';

/** Minutes each at full depth, and some of them mostly wait: begun first, they do so beside everything else. */
const LONGEST = [
  'extension/clone-with-a-feature.test.ts',
  'pages/every-page.test.ts',
  'auth/mailed-secrets.test.ts',
  'docs/pages.test.ts',
  'authorize/ended-elsewhere.test.ts',
  'mail/slow-server.test.ts',
  'browser/many-tabs.test.ts',
  'passwords/account-enumeration.test.ts',
  'sessions/refresh-races.test.ts',
  'faults/redis-faults.test.ts',
];

/**
 * A clean clone knows no durations, and Vitest would go by the size of the files. The team's own tests come
 * last: what their features declare (errors, settings, audit actions) stays declared in the process, and
 * Latchkey's tests expect Latchkey's alone.
 */
export class LongestFirst extends BaseSequencer {
  async sort(found) {
    const files = ofThisDepth(found, this.ctx.filenamePattern !== undefined);
    const rank = ({ moduleId }) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(name));
      if (moduleId.includes('/test/app/')) return LONGEST.length + 1;
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
