import { IsArray } from 'class-validator';
import { ConfigSlice, FromEnv, type RefusesInProduction } from './config-slice.js';
import { isWeakSecret, MIN_SECRET_BYTES } from './weak-secret.js';

@ConfigSlice()
export class SecretsConfig implements RefusesInProduction {
  /** The first signs and encrypts, all verify and decrypt. Empty: generated once for development. */
  @FromEnv('APP_SECRETS')
  @IsArray()
  appSecrets: string[] = [];

  productionRefusals(): string[] {
    if (this.appSecrets.length === 0) {
      return ['APP_SECRETS must be set in production; make one with: openssl rand -base64 48'];
    }
    return this.appSecrets.some(isWeakSecret)
      ? [
          `APP_SECRETS must hold only random secrets of at least ${MIN_SECRET_BYTES} bytes; make one with: openssl rand -base64 48`,
        ]
      : [];
  }
}
