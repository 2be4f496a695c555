import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { findProgram } from '../../support/find-program.js';
import { NginxBalancer } from '../../support/nginx-balancer.js';
import { startTestApp } from '../../support/test-app.js';

const haproxy = findProgram('haproxy');
const nginx = findProgram('nginx');

for (const program of nginx === null ? [] : [nginx]) {
  it('nginx as in the example says who asks, names the request, and hides what is for operators', async () => {
    await using app = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1' });
    const proxy = await NginxBalancer.start(program, [app.origin]);
    const answer = await fetch(`${proxy.origin}/auth/me`, {
      headers: {
        'X-Forwarded-For': '203.0.113.9',
        'X-Request-Id': 'mine',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      },
    });
    // nginx makes 32 hexadecimal digits; what the client says of itself counts for nothing.
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers.get('traceparent')).toBeNull();
    for (const path of ['/metrics', '/health/ready']) {
      expect((await fetch(proxy.origin + path)).status).toBe(404);
    }
    await fetch(`${proxy.origin}/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '203.0.113.9' },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'not this one either' }),
    });
    const [event] = await app.stores.query<{ ip: string }>(
      `SELECT host(ip) AS ip FROM audit_events WHERE action = 'sign_in.failed'`,
    );
    expect(event).toEqual({ ip: '127.0.0.1' });
    await proxy.stop();
  });
}

for (const program of haproxy === null ? [] : [haproxy]) {
  it('HAProxy takes its example as it is', () => {
    const { status, stderr } = spawnSync(program, ['-c', '-f', 'examples/proxies/haproxy.cfg'], {
      encoding: 'utf8',
    });
    expect({ status, alerts: stderr.match(/ALERT.*/g) }).toEqual({ status: 0, alerts: null });
  });
}

it('no example trusts what a client says of its address', async () => {
  for (const file of ['nginx.conf', 'haproxy.cfg']) {
    const text = await readFile(`examples/proxies/${file}`, 'utf8');
    expect(text).not.toMatch(/proxy_add_x_forwarded_for|option forwardfor/);
  }
});
