import { AccessConfig } from '../../../access/access.config.js';
import { LinksConfig } from '../../../auth/mail/links.config.js';
import { HttpConfig } from '../../../platform/http/http.config.js';
import type { Check } from '../check.js';
import { notice, ok, wrong } from '../finding.js';

const LOOPBACK = /^(127\.|localhost$|::1$)/;
/** Whose forwarded addresses are believed then: half of all that there are. */
const WIDEST_BITS = 1;

/** Whether what stands in front of the service is what the settings say. */
export const proxiesCheck: Check = {
  part: 'proxies',
  async *examine({ config, production }) {
    const { trustedProxies, host } = config.get(HttpConfig);
    const wide = trustedProxies.filter(
      (range) => Number(range.split('/')[1] ?? 128) <= WIDEST_BITS,
    );
    for (const range of wide) {
      yield wrong(
        `TRUSTED_PROXIES believes everybody (${range}): whoever asks chooses the address that is limited and put on record.`,
        'List the addresses of your proxies alone (docs/deploying.md).',
      );
    }
    const { issuer } = config.get(AccessConfig);
    const { publicUrl = issuer } = config.get(LinksConfig);
    const isPublic = publicUrl.startsWith('https://');
    if (trustedProxies.length === 0 && isPublic) {
      // The service speaks no TLS itself, so whatever browsers reach by https is a proxy.
      const what = `Browsers reach ${publicUrl} through a proxy, and TRUSTED_PROXIES names none: everybody has the proxy's address, and one who is limited limits all.`;
      const remedy = 'Set TRUSTED_PROXIES to its address or range (docs/deploying.md).';
      yield production ? wrong(what, remedy) : notice(what, remedy);
    }
    if (production && new URL(publicUrl).origin !== new URL(issuer).origin) {
      yield notice(
        `PUBLIC_URL and JWT_ISSUER are different origins (${new URL(publicUrl).origin}, ${new URL(issuer).origin}).`,
        'Clients look for keys at the issuer: both must lead here.',
      );
    }
    if (production && LOOPBACK.test(host)) {
      yield notice(
        `HOST is ${host}: only programs on this machine reach the service.`,
        'In a container it must be 0.0.0.0.',
      );
    }
    if (wide.length === 0 && (trustedProxies.length > 0 || !isPublic)) {
      const believed = trustedProxies.join(', ') || 'nobody';
      yield ok(`Forwarded addresses are believed of ${believed}.`);
    }
  },
};
