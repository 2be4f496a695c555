import type { OidcPreset } from '../oidc/oidc-preset.js';
import type { ProviderSettings } from '../provider-settings.js';
import { applePreset } from './apple.js';
import { googlePreset } from './google.js';
import { microsoftPreset } from './microsoft.js';

/** What is known of some providers. GitHub, which has no OpenID Connect, is a class. */
export const OIDC_PRESETS: ReadonlyMap<string, (settings: ProviderSettings) => OidcPreset> =
  new Map([
    ['google', googlePreset],
    ['microsoft', microsoftPreset],
    ['apple', applePreset],
  ]);
