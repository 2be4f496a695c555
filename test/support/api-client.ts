export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** The raw text of the body. */
  readonly text: string;
}

export interface RequestOptions {
  readonly token?: string;
  readonly cookie?: string;
  readonly headers?: Record<string, string>;
}

// What an answer holds is for each test to expect, not for the compiler to know.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyBody = any;

/** Talks to an application as a client would: real HTTP, nothing remembered between calls. */
export class ApiClient {
  constructor(readonly origin: string) {}

  get = <B = AnyBody>(path: string, options?: RequestOptions) =>
    this.send<B>('GET', path, undefined, options);
  post = <B = AnyBody>(path: string, body?: unknown, options?: RequestOptions) =>
    this.send<B>('POST', path, body, options);
  put = <B = AnyBody>(path: string, body?: unknown, options?: RequestOptions) =>
    this.send<B>('PUT', path, body, options);
  patch = <B = AnyBody>(path: string, body?: unknown, options?: RequestOptions) =>
    this.send<B>('PATCH', path, body, options);
  delete = <B = AnyBody>(path: string, options?: RequestOptions) =>
    this.send<B>('DELETE', path, undefined, options);

  async send<Body>(
    method: string,
    path: string,
    body: unknown,
    { token, cookie, headers }: RequestOptions = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { Cookie: cookie }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : undefined) as Body,
      text,
    };
  }
}
