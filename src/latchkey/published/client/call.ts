/** One request, and a second one like it if what it carries can be sent twice. */
export interface Call {
  readonly request: Request;
  readonly repeat?: () => Request;
}

/** Relative addresses are relative to the base. A `Request` is copied; a stream cannot be. */
export function callOf(
  base: URL,
  input: string | URL | Request,
  init: RequestInit | undefined,
): Call {
  const repeatable = !isStream(init?.body);
  if (!(input instanceof Request)) {
    const make = () => new Request(new URL(input, base), init);
    return repeatable ? { request: make(), repeat: make } : { request: make() };
  }
  if (!repeatable) return { request: new Request(input, init) };
  const copy = input.clone();
  return { request: new Request(input, init), repeat: () => new Request(copy, init) };
}

function isStream(body: unknown): boolean {
  return body instanceof ReadableStream || (body instanceof Object && Symbol.asyncIterator in body);
}
