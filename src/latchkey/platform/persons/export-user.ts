/**
 * Port: what somebody may take with them of what a feature holds of them (GDPR article 20). Provide a class
 * that extends it in any module: its data are in `GET /auth/account/export`, under its name.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class ExportNotes extends ExportUser {
 *   readonly name = 'notes';
 *   export(userId: string) { return this.notes.findBy({ userId }); }
 * }
 * ```
 */
export abstract class ExportUser {
  /** In camel case; no other export's. */
  abstract readonly name: string;

  /**
   * Everything of the user, as JSON has it, without any secret. Much of it comes as an `AsyncIterable`,
   * which is written as a list, a thing at a time.
   */
  abstract export(userId: string): Promise<unknown> | AsyncIterable<unknown>;
}
