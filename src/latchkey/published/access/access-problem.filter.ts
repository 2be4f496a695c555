import { Catch } from '@nestjs/common';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { type ErrorAnswer, ProblemFilter } from '../../platform/errors/problem.filter.js';
import { ResourceServer } from './resource-server.js';

/** Answers refusals as Latchkey itself does; every other error is the application's own. */
@Catch(LatchkeyError)
export class AccessProblemFilter extends ProblemFilter {
  constructor(private readonly server: ResourceServer) {
    super([]);
  }

  protected override answerTo(
    ...[error, ...about]: Parameters<ProblemFilter['answerTo']>
  ): ErrorAnswer {
    const challenge = this.server.protectedResource.challengeFor(error);
    return { ...super.answerTo(error, ...about), challenge };
  }
}
