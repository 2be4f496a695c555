import type { INestApplicationContext } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import type { UserProfile } from '../../users/accounts/users.dto.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import { argument } from './values.js';

export const ACCOUNT = argument('account', 'Its id, or its address.');

/** @throws LatchkeyError `users.not_found` */
export async function findUser(
  context: INestApplicationContext,
  account: string,
): Promise<UserProfile> {
  const id = isUUID(account) ? account : (await context.get(Users).findForSignIn(account))?.id;
  if (id === undefined) throw usersErrors.notFound();
  return context.get(UserDirectory).getProfile(id);
}
