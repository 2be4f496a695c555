/**
 * The outcome of some work, or an error when it takes too long; the work then goes on unobserved, unless
 * it heeds the signal, which aborts at that moment.
 *
 * @throws Error `No answer within … ms`, or whatever the work is rejected with
 */
export async function settlesWithin<T>(
  milliseconds: number,
  work: Promise<T> | ((signal: AbortSignal) => Promise<T>),
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`No answer within ${milliseconds} ms`);
      reject(error);
      controller.abort(error);
    }, milliseconds);
  });
  const outcome = typeof work === 'function' ? work(controller.signal) : work;
  return Promise.race([outcome, overdue]).finally(() => clearTimeout(timer));
}
