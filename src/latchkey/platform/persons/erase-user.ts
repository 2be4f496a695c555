/**
 * Port: removes what a feature holds of somebody whose account has been deleted, wherever that is: in
 * tables without a foreign key to `users`, in files, at another service. Provide a class that extends it
 * in any module.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class EraseNotes extends EraseUser {
 *   async erase(userId: string) { await this.notes.delete({ userId }); }
 * }
 * ```
 */
export abstract class EraseUser {
  /**
   * Called once the account is gone, through the outbox, again and again until it succeeds: at least
   * once, so that it must bear repetition. Rows whose foreign key cascades are gone already.
   *
   * @throws whatever makes another try necessary; its text is shown to admins
   */
  abstract erase(userId: string): Promise<void>;
}
