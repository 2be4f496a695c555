import { readFile } from 'node:fs/promises';
import { declaredErrors } from '../../src/latchkey/platform/errors/define-errors.js';
import { describe, type Route, routesOf } from '../latchkey/contract/api-description.js';
import { lineOf } from '../latchkey/contract/route-line.js';
import type { TestApp } from './test-app.js';

const LATCHKEYS_ROUTES = 'test/latchkey/contract/__snapshots__/routes.test.ts.snap';
const LATCHKEYS_ERRORS = 'docs/errors.md';

/**
 * What your features promise: of each, by the first word of its paths, who may call its routes, what they
 * answer, and the errors of its own.
 */
export async function teamContract({ api }: Pick<TestApp, 'api'>): Promise<Map<string, string>> {
  const snapshot = await readFile(LATCHKEYS_ROUTES, 'utf8');
  const known = await readFile(LATCHKEYS_ERRORS, 'utf8');
  const ours = new Set(
    [...snapshot.matchAll(/^([A-Z]+) +(\S+)/gm)].map(([, verb, path]) => `${verb} ${path}`),
  );
  const routes = routesOf(await describe(api)).filter(
    ({ method, path }) => !ours.has(`${method} ${path}`),
  );
  const features = [...new Set(routes.map(featureOf))].sort();
  return new Map(
    features.map((feature) => {
      const its = routes.filter((route) => featureOf(route) === feature);
      const codes = new Set(its.flatMap((route) => route['x-errors']));
      const errors = declaredErrors()
        .filter(({ code }) => codes.has(code) && !known.includes(`\`${code}\``))
        .map(({ code, status, title }) => `${code} ${status} ${title}`);
      return [feature, `\n${[...its.map(lineOf).sort(), ...errors].join('\n')}\n`];
    }),
  );
}

function featureOf({ path }: Route): string {
  return path.split('/')[1] ?? '';
}
