import type { Row } from '../row.js';
import { compareGuarded } from './compare-guarded.js';

export const guardedManyTokens: Row = {
  name: 'guarded-many-tokens',
  title: 'Guarded GET against the bare route of the same server, 2,000 tokens in turn',
  target: '≥ 0.85 of the bare route',
  run: (bench) => compareGuarded(bench, 2_000, { atLeast: 0.85 }),
};
