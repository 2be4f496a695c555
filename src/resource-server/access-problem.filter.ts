import { Catch } from '@nestjs/common';
import { LatchkeyError } from '../errors/latchkey-error.js';
import { ProblemFilter } from '../errors/problem.filter.js';

/** Answers refusals as Latchkey itself does; every other error is the application's own. */
@Catch(LatchkeyError)
export class AccessProblemFilter extends ProblemFilter {
  constructor() {
    super([]);
  }
}
