/** Where it is known which passwords have been in a breach. */
export interface BreachCorpus {
  /**
   * @param digest SHA-1 of a password, 40 hexadecimal digits in capitals
   * @param signal aborts when no request waits for the answer any more
   */
  includes(digest: string, signal: AbortSignal): Promise<boolean>;
}
