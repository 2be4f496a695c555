import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { findProgram } from '../../../support/find-program.js';
import { startTestApp } from '../../../support/test-app.js';

const ALERTS = 'deploy/prometheus/alerts.yaml';
const DASHBOARD = 'deploy/grafana/latchkey.json';
/** Of Debian's package `prometheus`, which CI installs. */
const promtool = findProgram('promtool');

let app: Awaited<ReturnType<typeof startTestApp>>;
let metrics: string;
beforeAll(async () => {
  app = await startTestApp({ THROTTLING: 'on', THROTTLE_ADDRESS_REGISTRATIONS: '1' });
  const { email, accessToken, refreshToken } = await signUp(app);
  await app.api.get('/auth/me', { token: accessToken });
  await app.api.post('/auth/login', { email, password: 'the wrong one altogether' });
  await app.api.post('/auth/refresh', { refreshToken });
  await app.api.post('/auth/refresh', { refreshToken });
  await app.api.post('/auth/refresh', { refreshToken: 'lkr_nonsense' });
  await app.api.post('/auth/register', { email: 'second@example.com', password: email.repeat(2) });
  await app.api.get('/admin/users', { token: accessToken });
  metrics = (await app.api.get('/metrics')).text;
});
afterAll(() => app[Symbol.asyncDispose]());

/** The names of series, as queries ask for them. */
function seriesNames(): Set<string> {
  return new Set([...metrics.matchAll(/^([a-z_\d]+)(?:\{| )/gm)].map(([, name = '']) => name));
}

function readingOf(series: string): number {
  const line = metrics.split('\n').find((text) => text.startsWith(`${series} `));
  if (line === undefined) throw new Error(`There is no ${series}.`);
  return Number(line.split(' ').at(-1));
}

/** The metrics that some expressions of PromQL are about. */
function askedOf(expressions: readonly string[]): string[] {
  const names = expressions.flatMap((text) => text.match(/\b(?:latchkey|nodejs|process)_\w+/g));
  return [...new Set(names.filter((name) => name !== null))];
}

describe('what happened is counted, by how it ended', () => {
  it.each([
    ['latchkey_sign_ins_total{outcome="success"}', 1],
    ['latchkey_sign_ins_total{outcome="failure"}', 1],
    ['latchkey_refreshes_total{outcome="rotated"}', 1],
    ['latchkey_refreshes_total{outcome="repeated"}', 1],
    ['latchkey_refreshes_total{outcome="invalid"}', 1],
    ['latchkey_refreshes_total{outcome="reused"}', 0],
    ['latchkey_request_errors_total{code="access.forbidden"}', 1],
    ['latchkey_request_errors_total{code="auth.invalid_credentials"}', 1],
    ['latchkey_request_errors_total{code="server.internal"}', 0],
    ['latchkey_throttled_requests_total{policy="registration-address"}', 1],
    ['latchkey_hashing_wait_seconds_count', 3],
    ['latchkey_hashing_waiting', 0],
    ['latchkey_hashing_refused_total', 0],
    ['latchkey_revocation_outages_total', 0],
    ['latchkey_outbox_messages{state="dead"}', 0],
    ['latchkey_job_runs_total{name="retention",outcome="failure"}', 0],
    ['latchkey_retention_removed_rows_total{table="sessions"}', 0],
    ['latchkey_log_dropped_lines_total', 0],
    ['latchkey_database_pool_waiting', 0],
  ])('%s is %d', (series, value) => {
    expect(readingOf(series)).toBe(value);
  });

  it('the age of the signing key is that of a new one', () => {
    expect(readingOf('latchkey_signing_key_age_seconds')).toBeGreaterThanOrEqual(0);
    expect(readingOf('latchkey_signing_key_age_seconds')).toBeLessThan(600);
  });
});

describe('names and types', () => {
  it('what only grows is a counter and ends in _total; nothing else does', () => {
    const types = [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    const wrong = types.filter(([, name = '', type]) =>
      type === 'counter' ? !name.endsWith('_total') : name.endsWith('_total'),
    );
    expect(types.length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });

  for (const program of promtool === null ? [] : [promtool]) {
    it('promtool finds nothing to mend', () => {
      const { stdout, stderr } = spawnSync(program, ['check', 'metrics'], {
        input: metrics,
        encoding: 'utf8',
      });
      expect(stdout + stderr).toBe('');
    });
  }
});

describe('the alert rules', () => {
  const { groups } = load(readFileSync(ALERTS, 'utf8')) as {
    groups: { rules: { alert: string; expr: string; annotations: object }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  it('ask for nothing that /metrics does not give', () => {
    const names = seriesNames();
    expect(askedOf(rules.map(({ expr }) => expr)).filter((name) => !names.has(name))).toEqual([]);
  });

  it('are each explained by the page for operators', () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    expect(rules.filter(({ alert }) => !page.includes(`\`${alert}\``))).toEqual([]);
  });

  for (const program of promtool === null ? [] : [promtool]) {
    it('fire when they should, and not in a quiet night', () => {
      const { stdout, stderr } = spawnSync(program, ['test', 'rules', 'alerts.test.yaml'], {
        cwd: 'deploy/prometheus',
        encoding: 'utf8',
      });
      expect(stdout + stderr).toContain('SUCCESS');
    });
  }
});

describe('the dashboard', () => {
  it('asks for nothing that /metrics does not give', () => {
    const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const names = seriesNames();
    expect(expressions.length).toBeGreaterThan(20);
    expect(askedOf(expressions).filter((name) => !names.has(name))).toEqual([]);
  });
});
