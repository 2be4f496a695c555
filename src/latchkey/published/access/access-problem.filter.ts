import { Catch } from '@nestjs/common';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { ProblemFilter } from '../../platform/errors/problem.filter.js';

/** Answers refusals as Latchkey itself does; every other error is the application's own. */
@Catch(LatchkeyError)
export class AccessProblemFilter extends ProblemFilter {
  constructor() {
    super([]);
  }
}
