import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { finalize, type Observable } from 'rxjs';

/** One at work, and one that has all it needs as soon as that one is done. */
const AT_ONCE = 2;

/**
 * Lets the writes of administrators take their turns before they take a connection to the database:
 * there, most of them wait for one lock. A hundred at once, each with a connection of the pool,
 * would leave none for sign-ins. First come, first served, within each process.
 */
export class AdminWritesInTurn implements NestInterceptor {
  private free = AT_ONCE;
  private readonly waiting: (() => void)[] = [];

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (!writes(context.getArgByIndex<FastifyRequest>(0))) return next.handle();
    await this.enter();
    return next.handle().pipe(finalize(() => this.leave()));
  }

  private enter(): Promise<void> | undefined {
    if (this.free === 0) return new Promise((admit) => this.waiting.push(admit));
    this.free -= 1;
    return undefined;
  }

  /** The place goes straight to the next. */
  private leave(): void {
    const admit = this.waiting.shift();
    if (admit === undefined) this.free += 1;
    else admit();
  }
}

const READS: readonly string[] = ['GET', 'HEAD'];

/** Whether a request of this method leaves something behind. */
export function writes({ method }: { readonly method: string }): boolean {
  return !READS.includes(method);
}
