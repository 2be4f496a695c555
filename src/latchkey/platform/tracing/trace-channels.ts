import { tracingChannel } from 'node:diagnostics_channel';
import { beginSpan, isTraced, type SpanDescription } from './in-span.js';

/** A command as ioredis tells it on `ioredis:command`. */
interface RedisCommand {
  readonly command: string;
}

/** A message of the revocation stream, as `RevocationFeed` tells it on `latchkey:revocations`. */
interface TakenMessage {
  readonly count: number;
}

/** Waits for news most of the time. */
const TAILING = 'XREAD';

let subscribed = false;

/**
 * Makes spans of what is told on channels of Node's: by ioredis, and by code that runs in other programs
 * as well (`latchkey/access`), which must not need OpenTelemetry. Once for the process, and only where an
 * SDK takes spans.
 */
export function traceChannels(): void {
  if (subscribed || !isTraced()) return;
  subscribed = true;
  subscribe<RedisCommand>('ioredis:command', ({ command }) => redisSpan(command.toUpperCase()));
  subscribe<TakenMessage>('latchkey:revocations', ({ count }) => ({
    name: 'revocations from the stream',
    attributes: { 'latchkey.revocations': count },
  }));
}

function redisSpan(name: string): SpanDescription | null {
  if (name === TAILING) return null;
  const attributes = { 'db.system.name': 'redis', 'db.operation.name': name };
  return { name, kind: 'client', attributes };
}

function subscribe<Told extends object>(
  channel: string,
  describe: (told: Told) => SpanDescription | null,
): void {
  const begun = new WeakMap<object, (error?: unknown) => void>();
  const finish = (told: Told & { readonly error?: unknown }) => begun.get(told)?.(told.error);
  tracingChannel<unknown, Told>(channel).subscribe({
    start: (told) => {
      const description = describe(told);
      if (description !== null) begun.set(told, beginSpan(description));
    },
    // What goes on has neither yet: `asyncEnd` tells of its end.
    end: (told) => {
      if ('result' in told || 'error' in told) finish(told);
    },
    asyncStart: () => undefined,
    asyncEnd: finish,
    error: () => undefined,
  });
}
