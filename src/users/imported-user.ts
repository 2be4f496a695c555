import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, ValidateBy } from 'class-validator';
import { IsInstant } from '../audit/is-instant.js';
import { IsText } from '../http/is-text.js';
import { MayBeAbsent } from '../http/may-be-absent.js';
import { readHash } from '../passwords/read-hash.js';
import { DEFAULT_ROLE, IsRoleName } from '../roles/role-name.js';
import { MAX_EMAIL_LENGTH } from './email-key.js';
import { IsEmailAddress } from './is-email-address.js';
import { MAX_NAME_LENGTH } from './update-profile.body.js';
import type { UserStatus } from './user.entity.js';
import { USER_STATUSES } from './user-profile.js';

/** One line of a file of users to import. */
export class ImportedUser {
  @IsText({ min: 3, max: MAX_EMAIL_LENGTH })
  @IsEmailAddress()
  email!: string;

  /** Null: the account has no password. */
  @IsImportableHash()
  passwordHash!: string | null;

  @MayBeAbsent()
  @IsBoolean()
  emailVerified: boolean = false;

  @IsOptional()
  @IsText({ min: 1, max: MAX_NAME_LENGTH })
  name?: string | null;

  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(50)
  @IsRoleName({ each: true })
  roles: string[] = [DEFAULT_ROLE];

  @MayBeAbsent()
  @IsIn(USER_STATUSES)
  status: UserStatus = 'active';

  @MayBeAbsent()
  @IsInstant()
  createdAt?: string;
}

function IsImportableHash(): PropertyDecorator {
  return ValidateBy({
    name: 'isImportableHash',
    validator: {
      validate: (value: unknown) => value === null || problemOf(value) === undefined,
      defaultMessage: (args) => `$property ${problemOf(args?.value)}`,
    },
  });
}

function problemOf(value: unknown): string | undefined {
  const hash = typeof value === 'string' ? readHash(value) : null;
  if (hash === null) return 'must be null or a hash of a known form (docs/importing-users.md)';
  return hash.tooDear && `must cost at most ${hash.tooDear}`;
}
