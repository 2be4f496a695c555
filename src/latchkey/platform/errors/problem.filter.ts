import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { LatchkeyError } from './latchkey-error.js';
import { challengeFor, toProblem } from './problem.js';
import { serverErrors } from './request.errors.js';

const UNAVAILABLE = 503;

/** What the filter needs of a request and its answer: the same on Fastify and Express. */
export interface AnsweredRequest {
  readonly id?: string;
  readonly traceId?: string;
  readonly headers: { readonly accept?: string; readonly 'accept-language'?: string };
  /** For the line of the log that tells of the request. */
  errorCode?: string;
}
interface Reply {
  /** Whether the answer is on its way: Fastify's word for it, and Express'. */
  readonly sent?: boolean;
  readonly headersSent?: boolean;
  status(code: number): this;
  header(name: string, value: string): this;
  send(body: string): unknown;
}

/** Recognises the errors of one library; undefined means "not mine". */
export type ErrorTranslator = (error: unknown) => LatchkeyError | undefined;

/** What a client is told of an error. */
export interface ErrorAnswer {
  readonly status: number;
  /** `Content-Type`. */
  readonly type: string;
  /** JSON, or a text as it is. */
  readonly body: object | string;
  /** `WWW-Authenticate`. */
  readonly challenge?: string;
}

/**
 * Turns everything that is thrown into `application/problem+json`. What no translator knows is
 * a 500 of fixed text; its cause goes to the log, under the request id that the client is told.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  /** @param onError hears of every error that is answered, and must not throw */
  constructor(
    private readonly translators: readonly ErrorTranslator[],
    private readonly onError: (error: LatchkeyError, host: ArgumentsHost) => void = () => undefined,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<AnsweredRequest>();
    const { id: requestId = randomUUID(), traceId } = request;
    const reply = host.switchToHttp().getResponse<Reply>();
    const error = this.translate(thrown);
    request.errorCode = error.code;
    this.log(error, { requestId, traceId });
    this.onError(error, host);
    if (reply.sent || reply.headersSent) return;

    const { status, type, body, challenge } = this.answerTo(error, requestId, request);
    if (challenge !== undefined) reply.header('WWW-Authenticate', challenge);
    if (error.retryAfterSeconds !== undefined) {
      reply.header('Retry-After', String(Math.ceil(error.retryAfterSeconds)));
    }
    reply
      .status(status)
      .header('Content-Type', type)
      .header('Cache-Control', 'no-store')
      .send(typeof body === 'string' ? body : JSON.stringify(body));
  }

  protected answerTo(
    error: LatchkeyError,
    requestId: string,
    _request: AnsweredRequest,
  ): ErrorAnswer {
    return {
      status: error.definition.status,
      type: 'application/problem+json; charset=utf-8',
      body: toProblem(error, requestId),
      challenge: challengeFor(error),
    };
  }

  private translate(thrown: unknown): LatchkeyError {
    if (thrown instanceof LatchkeyError) return thrown;
    for (const translator of this.translators) {
      const translated = translator(thrown);
      if (translated !== undefined) return translated;
    }
    return serverErrors.internal({ cause: thrown });
  }

  /**
   * A 503 without a cause is an outage, which is logged once where it is noticed, or a flood, which
   * the log of requests shows.
   */
  private log(error: LatchkeyError, about: { requestId: string; traceId?: string }): void {
    const { status } = error.definition;
    if (status < 500 || (status === UNAVAILABLE && error.cause === undefined)) return;
    this.logger.error({ ...about, code: error.code, err: error.cause }, error.definition.title);
  }
}
