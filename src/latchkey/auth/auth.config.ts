import { IsIn } from 'class-validator';
import { ConfigSlice, FromEnv } from '../platform/config/config-slice.js';

@ConfigSlice()
export class AuthConfig {
  /** `off`: for applications in which people sign in by a method of their own. */
  @FromEnv('PASSWORD_SIGN_IN')
  @IsIn(['on', 'off'])
  passwordSignIn: string = 'on';

  /** `closed`: only an administrator makes accounts. */
  @FromEnv('REGISTRATION')
  @IsIn(['open', 'closed'])
  registration: string = 'open';

  /** `on`: a mail with a link and a code signs in, where mail is sent. It makes no account. */
  @FromEnv('EMAIL_SIGN_IN')
  @IsIn(['on', 'off'])
  emailSignIn: string = 'off';

  /**
   * `optional`: a mail asks new accounts to verify their address. `required`: registration answers the
   * same whether or not the address is known, and nobody signs in to an account before its
   * address is verified.
   */
  @FromEnv('EMAIL_VERIFICATION')
  @IsIn(['off', 'optional', 'required'])
  emailVerification: string = 'off';
}
