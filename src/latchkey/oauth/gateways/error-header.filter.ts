import { type ArgumentsHost, Catch } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RefusedRequests } from '../../audit/refused-requests.js';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { ProblemFilter } from '../../platform/errors/problem.filter.js';

/** Says the error's code in a header as well, for gateways that pass no bodies on. */
@Catch(LatchkeyError)
export class ErrorHeaderFilter extends ProblemFilter {
  constructor(refused: RefusedRequests) {
    super([], (error, host) => refused.note(error, host));
  }

  override catch(error: LatchkeyError, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<FastifyReply>().header('X-Auth-Error', error.code);
    super.catch(error, host);
  }
}
