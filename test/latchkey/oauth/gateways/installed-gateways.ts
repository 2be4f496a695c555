import { findProgram } from '../../../support/find-program.js';
import type { Behind, GatewayKind } from './gateway-kind.js';
import { startHaproxy } from './haproxy-gateway.js';
import { startNginx } from './nginx-gateway.js';
import { startStandIn } from './stand-in-gateway.js';
import { VerifyingHaproxy } from './verifying-haproxy.js';

export const nginx = findProgram('nginx');
export const haproxy = findProgram('haproxy');

/** Those that ask Latchkey about each request: the stand-in always, others where installed. */
export const askingGateways: readonly GatewayKind[] = [
  { name: 'the stand-in', start: startStandIn },
  ...(nginx === null
    ? []
    : [{ name: 'nginx', start: (behind: Behind) => startNginx(nginx, behind) }]),
  ...(haproxy === null
    ? []
    : [{ name: 'HAProxy', start: (behind: Behind) => startHaproxy(haproxy, behind) }]),
];

/** Those that verify access tokens themselves. */
export const verifyingGateways: readonly GatewayKind[] =
  haproxy === null
    ? []
    : [{ name: 'HAProxy by itself', start: (behind) => VerifyingHaproxy.start(haproxy, behind) }];

/** What is not installed here, and so not tried. */
export const missingGateways: readonly string[] = [
  ...(nginx === null ? ['nginx'] : []),
  ...(haproxy === null ? ['HAProxy'] : []),
];
