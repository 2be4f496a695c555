import type { ProcessEnvironment } from '../../../support/service-process.js';
import { ISSUER } from '../../../support/test-app.js';

/** What stands behind a gateway. */
export interface Behind {
  /** Its origin. */
  readonly latchkey: string;
  /** Its origin. */
  readonly service: string;
  /** For Latchkey's command line. */
  readonly environment: ProcessEnvironment;
}

export interface RunningGateway {
  readonly origin: string;
  stop(): Promise<void>;
}

/** One sort of gateway, with the configuration that the examples have for it. */
export interface GatewayKind {
  readonly name: string;
  start(behind: Behind): Promise<RunningGateway>;
}

/** The addresses and the issuer in the examples, which are all that the tests change in them. */
export function withAddresses(text: string, { latchkey, service }: Behind, port: number): string {
  return text
    .replaceAll('http://localhost:3000', ISSUER)
    .replaceAll('127.0.0.1:3000', new URL(latchkey).host)
    .replaceAll('127.0.0.1:3001', new URL(service).host)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`);
}
