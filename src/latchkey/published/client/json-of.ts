/** The object that an answer holds; null when it holds none. */
export async function jsonOf(response: Response): Promise<Record<string, unknown> | null> {
  const body: unknown = await response.json().catch(() => null);
  return body instanceof Object ? (body as Record<string, unknown>) : null;
}
