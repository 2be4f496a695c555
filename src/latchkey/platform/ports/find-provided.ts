import type { DiscoveryService } from '@nestjs/core';

/**
 * The providers that implement a port of Latchkey's: an abstract class that a feature extends. They
 * are looked for in every module, so a feature need not make its module global, nor enter its class
 * into any list.
 *
 * @returns each instance once, in the order in which Nest knows their modules; call it in
 *   `onModuleInit`, when all of them have been made
 */
export function findProvided<Port extends object>(
  discovery: DiscoveryService,
  port: abstract new (...args: never[]) => Port,
): Port[] {
  const instances = discovery.getProviders().map(({ instance }) => instance);
  return [...new Set(instances)].filter((instance): instance is Port => instance instanceof port);
}
