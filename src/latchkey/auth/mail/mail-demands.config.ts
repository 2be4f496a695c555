import { IsOptional } from 'class-validator';
import {
  ConfigSlice,
  FromEnv,
  type RefusesInProduction,
} from '../../platform/config/config-slice.js';

/** Which settings are of no use in production without a mail server. Elsewhere their values are checked. */
@ConfigSlice()
export class MailDemands implements RefusesInProduction {
  @FromEnv('MAIL_URL')
  @IsOptional()
  mailUrl?: string;

  @FromEnv('EMAIL_VERIFICATION')
  @IsOptional()
  emailVerification: string = 'off';

  @FromEnv('EMAIL_SIGN_IN')
  @IsOptional()
  emailSignIn: string = 'off';

  /** Unset, it is on where mail is sent. */
  @FromEnv('RECOVERY')
  @IsOptional()
  recovery?: string;

  productionRefusals(): string[] {
    if (this.mailUrl !== undefined) return [];
    const demanding = {
      EMAIL_VERIFICATION: this.emailVerification === 'required',
      EMAIL_SIGN_IN: this.emailSignIn === 'on',
      RECOVERY: this.recovery === 'on',
    };
    return Object.entries(demanding)
      .filter(([, isSet]) => isSet)
      .map(
        ([variable]) =>
          `${variable} demands what takes mail, and in production none is sent without MAIL_URL`,
      );
  }
}
