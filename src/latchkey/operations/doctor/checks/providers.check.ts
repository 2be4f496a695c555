import { ExternalConfig } from '../../../auth/external/external.config.js';
import { GuardedFetch } from '../../../auth/external/oidc/guarded-fetch.js';
import { issuerPreset } from '../../../auth/external/oidc/oidc-preset.js';
import { DiscoveredServer } from '../../../auth/external/oidc/oidc-server.js';
import { OIDC_PRESETS } from '../../../auth/external/presets/oidc-presets.js';
import { prefixOf } from '../../../auth/external/provider-settings.js';
import { RuntimeConfig } from '../../../platform/config/runtime.config.js';
import type { Check } from '../check.js';
import { notice, ok, wrong } from '../finding.js';

/** Whether the providers that people sign in through can be asked. */
export const providersCheck: Check = {
  part: 'providers',
  async *examine({ config }) {
    const external = config.get(ExternalConfig);
    const http = new GuardedFetch(config.get(RuntimeConfig));
    for (const id of external.ids) {
      const settings = external.of(id);
      const preset = OIDC_PRESETS.get(id)?.(settings) ?? issuerPreset(settings);
      if (preset.issuer === '') {
        yield notice(`${id} has no discovery, and was not asked.`);
        continue;
      }
      const { issuer, metadataIssuer = issuer } = preset;
      yield await new DiscoveredServer(issuer, metadataIssuer, http).get().then(
        () => ok(`${id} is reached at ${issuer}.`),
        ({ message }: Error) =>
          wrong(
            `Nobody signs in through ${id}: ${message}`,
            `Correct ${prefixOf(id)}ISSUER, or let this machine reach it (docs/sign-in-with.md).`,
          ),
      );
    }
  },
};
