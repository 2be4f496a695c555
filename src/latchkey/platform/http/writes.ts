const READS: readonly string[] = ['GET', 'HEAD'];

/** Whether a request of this method leaves something behind. */
export function writes({ method }: { readonly method: string }): boolean {
  return !READS.includes(method);
}
