import { IsArray, Matches } from 'class-validator';
import {
  ConfigSlice,
  FromEnv,
  type ReadsVariables,
  type RefusesInProduction,
} from '../../platform/config/config-slice.js';
import { type ProviderSettings, prefixOf, problemsOf, readProvider } from './provider-settings.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** By which providers people sign in. Each has further variables: docs/sign-in-with.md. */
@ConfigSlice()
export class ExternalConfig implements ReadsVariables, RefusesInProduction {
  @FromEnv('EXTERNAL_PROVIDERS')
  @IsArray()
  @Matches(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, {
    each: true,
    message: 'EXTERNAL_PROVIDERS must list words of small letters, digits and dashes',
  })
  ids: string[] = [];

  /** Where a sign-in may end besides at a path of this server: exact addresses. */
  @FromEnv('EXTERNAL_RETURN_URLS')
  @IsArray()
  @Matches(/^https?:\/\/[^\s#@\\]+$/, {
    each: true,
    message:
      'EXTERNAL_RETURN_URLS must list exact addresses such as https://app.example.com/signed-in, without #',
  })
  returnUrls: string[] = [];

  private readonly settings = new Map<string, ProviderSettings>();

  /** @throws Error when it is not among `ids` */
  of(id: string): ProviderSettings {
    const settings = this.settings.get(id);
    if (settings === undefined) throw new Error(`EXTERNAL_PROVIDERS does not list ${id}.`);
    return settings;
  }

  /** The providers whose tokens are kept. */
  get keeping(): string[] {
    return this.ids.filter((id) => this.of(id).keepsTokens);
  }

  readVariables(variables: Variables): string[] {
    const problems: string[] = [];
    for (const id of this.ids) {
      if (this.settings.has(id)) problems.push('EXTERNAL_PROVIDERS must list a provider once');
      const settings = readProvider(id, variables);
      this.settings.set(id, settings);
      problems.push(...problemsOf(settings, variables));
    }
    return problems;
  }

  productionRefusals(): string[] {
    const insecure = [...this.settings.values()].filter(
      ({ issuer }) => issuer !== null && !issuer.startsWith('https://'),
    );
    return [
      ...insecure.map(({ id }) => `${prefixOf(id)}ISSUER must be https in production`),
      ...(this.returnUrls.some((url) => !url.startsWith('https://'))
        ? ['EXTERNAL_RETURN_URLS must be https in production']
        : []),
    ];
  }
}
