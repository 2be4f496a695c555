import { IsIn } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../../platform/config/config-slice.js';

/** Apps that register themselves by a request. */
@ConfigSlice()
export class RegistrationConfig {
  /** `on`: whoever asks is registered as a public client of strangers (RFC 7591). */
  @FromEnv('DYNAMIC_CLIENT_REGISTRATION')
  @IsIn(['on', 'off'])
  dynamicClientRegistration: string = 'off';

  get isOn(): boolean {
    return this.dynamicClientRegistration === 'on';
  }
}
