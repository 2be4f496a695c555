import { Resolver } from 'node:dns/promises';

/** Of one question to one server. */
const ANSWER_MILLISECONDS = 1_000;
const TRIES = 2;

/**
 * The addresses that DNS knows of a name. It asks by itself, and not by the system's resolver: that one keeps a thread
 * of the process for each name that is slow to resolve, and has four, so that a stranger who names some would hold up
 * whatever else of this process has to be looked up or read from disk. Names of `/etc/hosts` are none.
 *
 * @param servers in place of those of the system
 * @throws what DNS says when it knows no address, or has been called off
 */
export async function addressesOfName(
  hostname: string,
  signal: AbortSignal,
  servers?: readonly string[],
): Promise<string[]> {
  const resolver = new Resolver({ timeout: ANSWER_MILLISECONDS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [v4, v6] = await Promise.allSettled([
      resolver.resolve4(hostname),
      resolver.resolve6(hostname),
    ]);
    const found = [v4, v6].flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (found.length === 0 && v4.status === 'rejected') throw v4.reason;
    return found;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
