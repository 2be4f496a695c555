import type { Row } from '../row.js';
import { compareGuarded } from './compare-guarded.js';

export const guardedOneToken: Row = {
  name: 'guarded-one-token',
  title: 'Guarded GET against the bare route of the same server, one token',
  target: '≥ 0.93 of the bare route',
  run: (bench) => compareGuarded(bench, 1, { atLeast: 0.93 }),
};
