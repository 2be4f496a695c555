import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../../platform/errors/startup-error.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { ExternalConfig } from './external.config.js';
import { externalErrors } from './external.errors.js';
import { ExternalProvider } from './external-provider.js';
import { GuardedFetch } from './oidc/guarded-fetch.js';
import { issuerPreset } from './oidc/oidc-preset.js';
import { OidcProvider } from './oidc/oidc-provider.js';
import { OIDC_PRESETS } from './presets/oidc-presets.js';
import { prefixOf } from './provider-settings.js';

/** The providers of `EXTERNAL_PROVIDERS`, in its order: nobody signs in by any other. */
@Injectable()
export class ExternalProviders implements OnModuleInit {
  private readonly providers = new Map<string, ExternalProvider>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: ExternalConfig,
    private readonly http: GuardedFetch,
  ) {}

  /** @throws StartupError for an id that is neither a preset nor an issuer nor a class, or two of them */
  onModuleInit(): void {
    const classes = new Map<string, ExternalProvider>();
    for (const provider of findProvided(this.discovery, ExternalProvider)) {
      const other = classes.get(provider.id)?.constructor.name;
      if (other !== undefined)
        throw new StartupError(
          `${other} and ${provider.constructor.name} are both ${provider.id}.`,
        );
      classes.set(provider.id, provider);
    }
    for (const id of this.config.ids) this.providers.set(id, this.make(id, classes.get(id)));
  }

  list(): ExternalProvider[] {
    return [...this.providers.values()];
  }

  /** @throws LatchkeyError `auth.external_unknown` */
  get(id: string): ExternalProvider {
    const provider = this.providers.get(id);
    if (provider === undefined) throw externalErrors.unknown();
    return provider;
  }

  private make(id: string, provided: ExternalProvider | undefined): ExternalProvider {
    if (provided !== undefined) return provided;
    const settings = this.config.of(id);
    const preset = OIDC_PRESETS.get(id)?.(settings);
    if (preset !== undefined) return new OidcProvider(settings, preset, this.http);
    if (settings.issuer === null) {
      throw new StartupError(
        `EXTERNAL_PROVIDERS lists ${id}, which is no preset: set ${prefixOf(id)}ISSUER, or provide a class that extends ExternalProvider.`,
      );
    }
    return new OidcProvider(settings, issuerPreset(settings), this.http);
  }
}
