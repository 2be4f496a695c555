import { AccessConfig } from '../../../access/access.config.js';
import { LinksConfig } from '../../../auth/mail/links.config.js';
import { getDeploymentId } from '../../../platform/redis/redis.module.js';
import { SingleSignOnConfig } from '../../../tokens/sessions/sso/single-sign-on.config.js';
import type { Check } from '../check.js';
import { type Finding, notice, ok, wrong } from '../finding.js';

const LIMIT_MILLISECONDS = 3_000;
/** RFC 8414 section 3. */
const METADATA = '/.well-known/oauth-authorization-server';
const PROVIDER_METADATA = '/.well-known/openid-configuration';

/** Whether the addresses by which others know the service lead to it. */
export const publicAddressCheck: Check = {
  part: 'public address',
  needs: 'database',
  async *examine({ config, database }) {
    const { issuer, configuredIssuer } = config.get(AccessConfig);
    if (database === undefined || configuredIssuer === undefined) return;
    const { publicUrl } = config.get(LinksConfig);
    const deployment = await getDeploymentId(database);
    const addresses = new Map([['JWT_ISSUER', issuer]]);
    if (publicUrl !== undefined && publicUrl !== issuer) addresses.set('PUBLIC_URL', publicUrl);
    for (const [name, address] of addresses) {
      yield await reached(name, address, (found) => found.latchkey_deployment_id === deployment);
    }
    if (!config.get(SingleSignOnConfig).isOn) return;
    yield await reached(
      'JWT_ISSUER',
      issuer,
      (found) => found.issuer === issuer,
      PROVIDER_METADATA,
    );
  },
};

async function reached(
  name: string,
  address: string,
  isOurs: (found: Record<string, unknown>) => boolean,
  path = METADATA,
): Promise<Finding> {
  const url = `${address.replace(/\/$/, '')}${path}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MILLISECONDS) });
    const found = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
    if (answer.ok && isOurs(found)) return ok(`${name} leads here: ${url}`);
    return wrong(
      `${name} leads elsewhere: ${url} answers ${answer.status}, and not as this deployment does.`,
      `Correct ${name}, or what the proxy passes on (docs/deploying.md).`,
    );
  } catch {
    return notice(
      `${url} is not reached from this machine.`,
      `Start the service, or see whether ${name} is right.`,
    );
  }
}
