import type { Route } from './api-description.js';

/** Codes that always come together, under one name; `*` is every code of the group. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'access.*': [
    'access.keys_unavailable',
    'access.revocation_unavailable',
    'access.token_expired',
    'access.token_invalid',
    'access.token_revoked',
    'access.token_stale',
    'access.unauthenticated',
  ],
  'request.*': [
    'request.invalid',
    'request.malformed',
    'request.too_large',
    'request.unsupported_media_type',
  ],
};

/** One line that a reviewer of permissions can read: who may call, what comes back, how it fails. */
export function lineOf(route: Route): string {
  const success = Object.keys(route.responses).filter((status) => status < '400');
  return [
    `${route.method.padEnd(6)} ${route.path}`.padEnd(40),
    demandOf(route).padEnd(28),
    success.join('|').padEnd(8),
    grouped(route['x-errors']).join(' '),
  ].join(' ');
}

function demandOf(route: Route): string {
  if (route['x-public']) return 'anybody';
  const demands = [
    ...(route['x-permissions'] ?? []).map((permission) => `permission ${permission}`),
    ...(route['x-roles'] ?? []).map((role) => `role ${role}`),
    ...Object.entries(route['x-assurance'] ?? {}).map(([what, least]) => `${what} ${least}`),
    ...(route['x-fresh-sign-in'] ? ['fresh'] : []),
  ];
  return demands.length > 0 ? demands.join(' and ') : 'signed in';
}

/** `server.internal`, which anything can give, is left out. */
function grouped(codes: readonly string[]): string[] {
  const whole = Object.entries(GROUPS).filter(([, group]) =>
    group.every((code) => codes.includes(code)),
  );
  const covered = new Set(whole.flatMap(([, group]) => group));
  const others = codes.filter((code) => !covered.has(code) && code !== 'server.internal');
  return [...whole.map(([name]) => name), ...others].sort();
}
