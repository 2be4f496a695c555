import {
  type Attributes,
  context,
  isSpanContextValid,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** What a span says: never a value of a statement, a person's address or a secret. */
export interface SpanDescription {
  readonly name: string;
  /** `client`: this process waits for another one. */
  readonly kind?: 'internal' | 'client';
  readonly attributes?: Attributes;
}

/**
 * Begins a span below the one that is active, say of the request that is being served. Where no SDK of
 * OpenTelemetry has been started it is nothing, and costs next to nothing.
 *
 * @returns ends it; with what the work failed by, of which only the code or the name is told
 */
export function beginSpan(description: SpanDescription): (error?: unknown) => void {
  const span = start(description);
  return (error) => end(span, error);
}

/** Does work in a span of its own; the spans of what it does hang below it. */
export async function inSpan<T>(description: SpanDescription, work: () => Promise<T>): Promise<T> {
  const span = start(description);
  try {
    const result = await context.with(trace.setSpan(context.active(), span), work);
    end(span);
    return result;
  } catch (error) {
    end(span, error);
    throw error;
  }
}

/** Whether an SDK of OpenTelemetry takes spans: it is started before anything else (`node --import`). */
export function isTraced(): boolean {
  return isSpanContextValid(start({ name: 'latchkey' }).spanContext());
}

function start({ name, kind, attributes }: SpanDescription): Span {
  return trace.getTracer('latchkey').startSpan(name, {
    kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
    ...(attributes !== undefined && { attributes }),
  });
}

function end(span: Span, error?: unknown): void {
  if (error !== undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', typeOf(error));
  }
  span.end();
}

function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
