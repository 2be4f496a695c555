/**
 * The outcome of something, or an error when it takes too long; it then goes on unobserved.
 *
 * @throws Error `No answer within … ms`, or whatever `outcome` is rejected with
 */
export async function settlesWithin<T>(outcome: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`No answer within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  return Promise.race([outcome, overdue]).finally(() => clearTimeout(timer));
}
