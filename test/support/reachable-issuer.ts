import type { Environment } from '../../src/latchkey/platform/config/load-config.js';
import { TcpProxy } from './tcp-proxy.js';
import { startTestApp } from './test-app.js';

/** A provider that programs of others reach by its name: `issuer` is an address of this machine. */
export async function startReachableIssuer(env: Environment = {}) {
  const proxy = await TcpProxy.start(0);
  const issuer = `http://localhost:${proxy.port}`;
  const app = await startTestApp({ JWT_ISSUER: issuer, SINGLE_SIGN_ON: 'on', ...env });
  proxy.redirect(Number(new URL(app.origin).port));
  const stop = async () => {
    await app[Symbol.asyncDispose]();
    await proxy.stop();
  };
  return { app, issuer, stop };
}
