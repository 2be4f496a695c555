import { IsString, ValidateIf } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../platform/config/config-slice.js';
import { IsEmailAddress } from '../../platform/http/validation/email-address.js';

const eitherIsSet = ({ bootstrapAdminEmail, bootstrapAdminPassword }: UsersConfig) =>
  bootstrapAdminEmail !== undefined || bootstrapAdminPassword !== undefined;

@ConfigSlice()
export class UsersConfig {
  /** The first admin, made at start while there is none. Unset: no account exists by itself. */
  @FromEnv('BOOTSTRAP_ADMIN_EMAIL')
  @ValidateIf(eitherIsSet)
  @IsEmailAddress()
  bootstrapAdminEmail?: string;

  @FromEnv('BOOTSTRAP_ADMIN_PASSWORD')
  @ValidateIf(eitherIsSet)
  @IsString({ message: 'BOOTSTRAP_ADMIN_PASSWORD must be set with BOOTSTRAP_ADMIN_EMAIL' })
  bootstrapAdminPassword?: string;
}
