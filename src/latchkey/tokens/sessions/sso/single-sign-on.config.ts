import { IsIn } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../../platform/config/config-slice.js';

/** Being the one that other apps sign in through. */
@ConfigSlice()
export class SingleSignOnConfig {
  /** `on`: the authorization endpoint of OpenID Connect and what belongs to it are there. */
  @FromEnv('SINGLE_SIGN_ON')
  @IsIn(['on', 'off'])
  singleSignOn: string = 'off';

  get isOn(): boolean {
    return this.singleSignOn === 'on';
  }
}
