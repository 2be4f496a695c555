/** What passport asks of a strategy. */
interface Strategy {
  authenticate(request: unknown, options: object): void;
}

/**
 * Has one strategy judge a request, by the protocol of passport: every run is an object of its own,
 * which inherits from the strategy and is told the outcome. Passport itself looks strategies up by
 * name in a registry that all applications of a process share, where the one that was started last
 * would judge for the others.
 *
 * @param refusal what to throw when the strategy turns the caller away, for the reason that it gives
 * @returns the user that the strategy has authenticated
 * @throws Error the refusal, and whatever goes wrong in the strategy
 */
export function runStrategy<Authenticated>(
  strategy: object,
  request: unknown,
  refusal: (reason: unknown) => Error,
): Promise<Authenticated> {
  return new Promise((resolve, reject) => {
    const run: Strategy = Object.assign(Object.create(strategy), {
      success: resolve,
      error: reject,
      fail: (reason: unknown) => reject(refusal(reason)),
      pass: () => reject(refusal(undefined)),
      redirect: () => reject(refusal(undefined)),
    });
    run.authenticate(request, {});
  });
}
