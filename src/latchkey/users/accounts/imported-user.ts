import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, ValidateBy } from 'class-validator';
import { IsEmailAddress, MAX_EMAIL_LENGTH } from '../../platform/http/validation/email-address.js';
import { IsLine, IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsInstant } from '../../platform/http/validation/is-instant.decorator.js';
import { IsRoleName } from '../../roles/role-name.js';
import { hashProblem } from '../passwords/hashing/hash-problem.js';
import { USER_STATUSES, type UserStatus } from './user.entity.js';
import { MAX_NAME_LENGTH } from './users.dto.js';

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
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name?: string | null;

  /** Absent: the role that every new account gets. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(50)
  @IsRoleName({ each: true })
  roles?: string[];

  @MayBeAbsent()
  @IsIn(USER_STATUSES)
  status: UserStatus = 'active';

  @MayBeAbsent()
  @IsInstant()
  @IsNotInFuture()
  createdAt?: string;
}

/** Whose roles are known, whether or not its line names any. */
export type UserToImport = ImportedUser & { readonly roles: string[] };

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
  return hashProblem(typeof value === 'string' ? value : '');
}

/** A list of accounts by their age would have it at the top until then. */
function IsNotInFuture(): PropertyDecorator {
  return ValidateBy({
    name: 'isNotInFuture',
    validator: {
      validate: (value: unknown) => !(Date.parse(String(value)) > Date.now()),
      defaultMessage: () => '$property must not be in the future',
    },
  });
}
