import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../../platform/http/answers/page.js';
import { MAX_EMAIL_LENGTH } from '../../platform/http/validation/email-address.js';
import { IsLine, IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsInstant } from '../../platform/http/validation/is-instant.decorator.js';
import { IsLocale } from '../../platform/mail/locale.js';
import { IsRoleName } from '../../roles/role-name.js';
import { IdentityView } from '../identities/identities.dto.js';
import type { Identity } from '../identities/identity-store.js';
import { SECOND_FACTOR_FILTERS, type SecondFactorFilter } from './store/user-search-store.js';
import type { ProfileRow } from './store/user-store.js';
import { USER_STATUSES, type UserStatus } from './user.entity.js';

export const MAX_NAME_LENGTH = 200;
export const MAX_ROLES_PER_USER = 100;
const MAX_PROVIDER_LENGTH = 100;

/** What is told about an account, to its owner and to admins. */
export class UserProfile {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'ada@example.com' })
  email!: string;

  @ApiProperty()
  emailVerified!: boolean;

  @ApiProperty({ type: String, nullable: true, example: 'Ada Lovelace' })
  name!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'de',
    description: 'The language of mails; null: that of each request.',
  })
  locale!: string | null;

  @ApiProperty({ type: [String], example: ['user'] })
  roles!: string[];

  @ApiProperty({ enum: USER_STATUSES })
  status!: UserStatus;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  /** Whatever else the row has does not get into it. */
  static of({ createdAt, ...row }: ProfileRow): UserProfile {
    const { id, email, emailVerified, name, locale, roles, status } = row;
    const profile = { id, email, emailVerified, name, locale, roles, status };
    return { ...profile, createdAt: createdAt.toISOString() };
  }
}

/** What admins are told about one account. */
export class UserDetails extends UserProfile {
  @ApiProperty({ type: [IdentityView], description: 'What it is known as at providers.' })
  identities!: IdentityView[];

  static with(profile: UserProfile, identities: readonly Identity[]): UserDetails {
    return { ...profile, identities: identities.map(IdentityView.of) };
  }
}

/** What is absent stays as it is. */
export class UpdateProfileBody {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    example: 'Ada Lovelace',
    description: 'Null takes the name away.',
  })
  @IsOptional()
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name?: string | null;

  @IsLocale()
  locale?: string | null;
}

export class AssignRolesBody {
  @ApiProperty({
    type: [String],
    maxItems: MAX_ROLES_PER_USER,
    example: ['user', 'editor'],
    description: 'Every role that the user is to hold: those not named are taken away.',
  })
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_USER)
  @IsRoleName({ each: true })
  roles!: string[];
}

/** What is given is changed. */
export class ChangeUserBody {
  @ApiPropertyOptional({ enum: USER_STATUSES, example: 'disabled' })
  @MayBeAbsent()
  @IsIn(USER_STATUSES)
  status?: UserStatus;

  @ApiPropertyOptional({ maxLength: 500, description: 'Kept in the audit trail, with the status.' })
  @MayBeAbsent()
  @IsText({ max: 500 })
  reason?: string;

  @IsLocale()
  locale?: string | null;
}

const SESSIONS_KEPT =
  'Sessions that ended more than `ENDED_SESSION_RETENTION_DAYS` ago are not known any more.';

export class ListUsersQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Accounts that hold this role.', example: 'admin' })
  @IsOptional()
  @IsRoleName()
  role?: string;

  @ApiPropertyOptional({
    maxLength: MAX_EMAIL_LENGTH,
    description: 'An e-mail address or the beginning of one; case does not matter.',
  })
  @IsOptional()
  @IsText({ max: MAX_EMAIL_LENGTH })
  email?: string;

  @ApiPropertyOptional({
    minLength: 3,
    maxLength: MAX_EMAIL_LENGTH,
    description: 'Any part of the address or the name; case does not matter.',
    example: 'lovelace',
  })
  @IsOptional()
  @IsText({ min: 3, max: MAX_EMAIL_LENGTH })
  search?: string;

  @ApiPropertyOptional({ enum: USER_STATUSES })
  @IsOptional()
  @IsIn(USER_STATUSES)
  status?: UserStatus;

  @ApiPropertyOptional({
    format: 'date-time',
    description: `Signed in at this time or later. ${SESSIONS_KEPT}`,
  })
  @IsOptional()
  @IsInstant()
  signedInAfter?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: `Not signed in since this time, or never. ${SESSIONS_KEPT}`,
  })
  @IsOptional()
  @IsInstant()
  signedInBefore?: string;

  @ApiPropertyOptional({
    enum: SECOND_FACTOR_FILTERS,
    description: 'Accounts that have a second factor or a passkey, or none.',
  })
  @IsOptional()
  @IsIn(SECOND_FACTOR_FILTERS)
  secondFactor?: SecondFactorFilter;

  @ApiPropertyOptional({
    maxLength: MAX_PROVIDER_LENGTH,
    example: 'google',
    description: 'Accounts that somebody signs in to through this provider.',
  })
  @IsOptional()
  @IsText({ max: MAX_PROVIDER_LENGTH })
  provider?: string;
}
