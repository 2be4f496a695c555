/**
 * The face of Latchkey: every name that a feature of your own may use. Features import from here and
 * from nowhere else in `src/latchkey`, which an upgrade replaces; what is here keeps its meaning from
 * one minor version to the next, and CHANGELOG.md says what changed.
 *
 * `examples/notes` uses most of it; `npm run feature <name>` makes a copy of your own.
 */

// ── Who may call a route ────────────────────────────────────────────────────────────────────────
// Every route is guarded, whatever its controller says, unless it is `@Public()`.
//   @Get() @RequirePermissions('notes:read')
//   list(@CurrentUser() { userId, claims }: Principal) { … }
//   @Delete() @RequireFreshSignIn()                  and for what needs two factors: @RequireAssurance({ acr: 'aal2' })
export {
  CurrentUser,
  Public,
  RequireAssurance,
  RequireFreshSignIn,
  RequirePermissions,
  Roles,
} from './access/access.decorators.js';
export type { AssuranceDemand, AssuranceLevel } from './access/assurance.js';
export type { Principal } from './access/principal.js';
// ── The audit trail ─────────────────────────────────────────────────────────────────────────────
//   const notesActions = defineAuditActions({ written: 'note.written' });
//   await this.audit.record(manager, { action: notesActions.written, actor, target: { type, id } });
//   @OnEvent('user.registered') welcome({ target }: AnnouncedEvent) { … }          after the commit
export { type Actor, SYSTEM } from './audit/actor.js';
//   await this.tries.require(reply, addressBlock(reply.request.ip));      a limit of your own by address
export { addressBlock } from './audit/address-block.js';
export { defineAuditActions, defineAuditTargets } from './audit/audit-action.js';
export { AuditTrail } from './audit/audit-trail.js';
export { CurrentActor } from './audit/current-actor.decorator.js';
//   @OnDurableEvent('user.deleted') forget({ target }: AnnouncedEvent) { … }      whatever happens
export { OnDurableEvent } from './audit/durable-events.js';
export type { AnnouncedEvent } from './audit/recorded-event.js';
// ── A sign-in method of your own ────────────────────────────────────────────────────────────────
//   const account = await this.attempts.attempt(reply, {
//     email, delivery, failure: 'wrong_code',
//     isProven: (account) => this.codes.redeem(account?.id, code),
//   });
//   return this.signIn.complete(reply, { account, factors: [DOOR_CODE.shown()], delivery });
// `examples/door-codes` is a complete one by a code of the desk, `examples/sms-codes` one by SMS, `examples/sign-in-links`
// one by a link. Import `AuthModule` into your module for what is injected here.
export { type ProvenPassword, SetPassword } from './auth/account/set-password.js';
export { authErrors } from './auth/auth.errors.js';
export { AuthModule } from './auth/auth.module.js';
// ── A provider of your own that people sign in through ──────────────────────────────────────────
//   class CampusProvider extends ExternalProvider { … }               docs/sign-in-with.md
export { externalErrors } from './auth/external/external.errors.js';
export { ExternalModule } from './auth/external/external.module.js';
export {
  type AddressStanding,
  type ExternalIdentity,
  ExternalProvider,
  type ExternalRequest,
  type ExternalTokens,
} from './auth/external/external-provider.js';
// What a provider gives for its own API, with `EXTERNAL_<ID>_KEEP_TOKENS=on`: import `ExternalModule`.
//   const { accessToken } = await this.providerTokens.get(user.userId, 'google');
export { type ProviderToken, ProviderTokens } from './auth/external/kept-tokens/provider-tokens.js';
// ── Mails ───────────────────────────────────────────────────────────────────────────────────────
// A class of your own replaces one mail in one language, or adds a language: docs/mail.md.
//   class InvoiceDueMail extends FeatureMail {…}                      a mail of your own, written when it is sent
//   await this.mails.put(manager, { mail: 'invoice-due', account, facts: { invoiceId } });
export { FeatureMail, type MailReader } from './auth/mail/feature-mail.js';
export { type DueFeatureMail, FeatureMails } from './auth/mail/feature-mails.js';
export { type MailFacts, MailTemplate } from './auth/mail/mail-template.js';
// ── Registration and sign-in ────────────────────────────────────────────────────────────────────
//   class PhoneRegistration extends RegistrationFields<PhoneFields> {…}       its doc comment shows it whole
//   return this.signIn.complete(reply, { account, factors: [DOOR_CODE.shown()], delivery });
export { RegistrationFields } from './auth/registration/registration-fields.js';
export { TokenResponse } from './auth/session/session.dto.js';
export { CompleteSignIn, type ShownIdentity } from './auth/sign-in/complete-sign-in.js';
export { DELIVERIES, type Delivery, IsDelivery } from './auth/sign-in/sign-in.dto.js';
//   class DoorCodes extends WayIn {…}           Latchkey then knows that an account can be signed in to by it
//   const { account, shown } = await this.attempts.attemptSecret(reply, {                  by SMS, by a link
//     purpose: SMS_CODE, proof: { ticket, code }, delivery, failure: 'wrong_code' });
//   return this.attempts.refuse(reply, account, 'wrong_badge');       any other: 401, and `sign_in.failed` on record
export {
  SignInAttempts,
  type SignInProof,
  type SignInSecret,
  signInErrors,
} from './auth/sign-in/sign-in-attempts.js';
export { WayIn } from './auth/ways-in/way-in.js';
// ── The application ─────────────────────────────────────────────────────────────────────────────
// src/main.ts:        await serve(AppModule);
// src/cli.ts:         await runCommand(process.argv.slice(2), AppModule, createContext);
// src/app.module.ts:  @Module({ imports: [LatchkeyModule, NotesModule] })
export { createContext } from './boot/create-app.js';
export { serve } from './boot/serve.js';
export { LatchkeyModule } from './latchkey.module.js';
// ── Ports: extend the class, provide it in any module, and Latchkey finds it ────────────────────
export { CliCommand, type CommandDescription } from './operations/cli/command.js';
export { runCommand } from './operations/cli/run-command.js';
export { print } from './operations/cli/terminal.js';
//   options: { days: cli.required(cli.wholeNumber('n', 'How old.', { min: 1, max: 365 })) }
export { cli, type ValuesOf } from './operations/cli/values.js';
export { ScheduledJob } from './operations/jobs/scheduled-job.js';
//   new Counter({ name: 'notes_written_total', help: '…', registers: [registry] })       of `prom-client`
export { MetricsRegistry } from './operations/metrics/metrics-registry.js';
export { RetentionJob } from './operations/retention/retention-job.js';
// ── Settings ────────────────────────────────────────────────────────────────────────────────────
//   @ConfigSlice()
//   export class NotesConfig { @FromEnv('NOTES_MAX_PER_USER') @IsInt() @Min(1) maxPerUser: number = 1_000; }
export { ConfigSlice, FromEnv, type RefusesInProduction } from './platform/config/config-slice.js';
// ── Errors ──────────────────────────────────────────────────────────────────────────────────────
//   export const notesErrors = defineErrors({
//     notFound: { code: 'notes.not_found', status: 404, title: 'You have no such note.', remedy: '…' },
//   });
//   throw notesErrors.notFound();
export { defineErrors, type ErrorFactory } from './platform/errors/define-errors.js';
export { LatchkeyError } from './platform/errors/latchkey-error.js';
/** For what ends the start or a command: one line that says what to do. */
export { StartupError } from './platform/errors/startup-error.js';
export {
  decodeCursor,
  type Page,
  PageQuery,
  pageOf,
  toPage,
  UUID_KEY,
} from './platform/http/answers/page.js';
// ── Requests and answers ────────────────────────────────────────────────────────────────────────
//   @Get(':id') @Throws(notesErrors.notFound)
//   read(@Param('id', UuidParam) id: string) { … }
//   @Post('import') @AcceptsJson({ maxBytes: 1_000_000 })          where 8 KiB are too little
//   class WriteNoteBody { @IsText({ min: 1, max: 10_000 }) text!: string; }
// Lists are cut by key: `toPage(rows, limit, ({ id }) => id, NoteView.of)` of `limit + 1` rows, from
// `decodeCursor(cursor, UUID_KEY)` on.
export { AcceptsJson } from './platform/http/bodies/body-limits.js';
export { Throws } from './platform/http/route.decorators.js';
//   @MayBeAbsent() @IsInstant() dueAt?: string;                     numbers and days: docs/extending.md
export { IsText, MayBeAbsent } from './platform/http/validation/field.decorators.js';
export { IsInstant } from './platform/http/validation/is-instant.decorator.js';
export { UuidParam } from './platform/http/validation/uuid.pipe.js';
// ── Limits ──────────────────────────────────────────────────────────────────────────────────────
//   this.exports = limits.window({ name: 'note-exports', quota: 10, windowSeconds: 3_600 });
//   await this.exports.require(reply, user.userId);                   429, with `RateLimit` fields
//   this.codes = limits.streak({ name: 'phone-codes', failuresInARow: 5, failure: phoneErrors.wrongCode });
//   await this.codes.attempt(reply, user.userId, () => this.phones.confirm(user.userId, code));
//   @LimitsWrites('own-writes')        of whoever is signed in; 'admin-writes' for what staff does to others
export { LimitsWrites } from './platform/http/writes/limits-writes.decorator.js';
export { throttleErrors } from './platform/limits/limits.errors.js';
export {
  Limits,
  type StreakLimit,
  type StreakPolicy,
  type WindowLimit,
} from './platform/limits/limits.js';
export { layOutMail, type MailContent, type WrittenMail } from './platform/mail/written-mail.js';
//   await this.outbox.put(manager, { kind: 'webhook', recipient: url, payload: { noteId } });
export { Outbox } from './platform/outbox/outbox.js';
export {
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
  Undeliverable,
} from './platform/outbox/outbox-handler.js';
// ── A person's data ─────────────────────────────────────────────────────────────────────────────
// What a feature holds of somebody is exported with the account, and erased after it: docs/extending.md.
export { EraseUser } from './platform/persons/erase-user.js';
export { ExportUser } from './platform/persons/export-user.js';
export { rolesErrors } from './roles/roles.errors.js';
export type { AuthorizationFacts } from './tokens/access-tokens/access-token-claims.js';
export { ClaimsContributor, type SessionFacts } from './tokens/access-tokens/claims-contributor.js';
//   export const DOOR_CODE = defineFactor({ name: 'door_code', amr: ['otp'], role: 'first' });
export { defineFactor, type Factor, type ShownFactor } from './tokens/assurance/factor.js';
//   class SmsCodes extends SecondFactors { … }      asked for at every sign-in that is not aal2 already
export {
  type FactorAttempt,
  type FactorMethod,
  type JudgedFactor,
  SecondFactors,
} from './tokens/assurance/second-factors.js';
//   await this.accounts.lock(manager, userId);                 before an account is given a factor
export { AccountStates } from './tokens/one-time/account-states.js';
export type { OneTimeRequest } from './tokens/one-time/issue-one-time-secret.js';
export { oneTimeErrors } from './tokens/one-time/one-time.errors.js';
// ── What works once ─────────────────────────────────────────────────────────────────────────────
//   const doorCode = defineOneTimePurpose({ name: 'door-code', lifetimeSeconds: 600, diesWith: ['password'] });
//   const { id, ticket } = await this.oneTime.issue(manager, doorCode, { subject: { userId } });
//   const { code } = await this.oneTime.reveal(id);                  when it is sent, and not before
//   await this.oneTime.redeem(doorCode, { ticket, code }, (manager) => …);     throws oneTimeErrors.proofInvalid
export {
  defineOneTimePurpose,
  type OneTimePurpose,
} from './tokens/one-time/one-time-purpose.js';
export {
  type IssuedSecret,
  OneTimeSecrets,
  type RevealedSecret,
} from './tokens/one-time/one-time-secrets.js';
export type { Proof } from './tokens/one-time/proof-judge.js';
export type { ShownSecret } from './tokens/one-time/shown-secret.js';
// ── Ending sessions ─────────────────────────────────────────────────────────────────────────────
//   await this.revocations.commit(async (transaction) => {
//     await transaction.manager.query(…);                                       the change itself
//     await this.ender.endAllOfUser(transaction, userId, { reason: tenantEndings.left, actor });
//   });
// with a reason of Latchkey's or one of your own, which admins read as `endReason`:
//   export const tenantEndings = defineSessionEndReasons({ left: 'tenant_left' });
export type { RevokingTransaction } from './tokens/revocation/revocations.js';
export { Revocations } from './tokens/revocation/revocations.js';
// ── What a session carries ──────────────────────────────────────────────────────────────────────
//   export const tenancy = defineSessionData<{ tenant: string }>('tenancy');
//   await this.sessionData.set(user, tenancy.with({ tenant }));       its older tokens are stale
//   contribute(_: AuthorizationFacts, session: SessionFacts) { … tenancy.of(session)?.tenant … }
export {
  defineSessionData,
  type NamedSessionData,
  SessionData,
  type SessionValue,
} from './tokens/sessions/session-data.js';
export { defineSessionEndReasons } from './tokens/sessions/session-end-reason.js';
export { SessionEnder } from './tokens/sessions/session-ender.js';
//   await this.sessionFactors.withdraw(transaction, userId, TOTP);      a factor has been removed
export { SessionFactors } from './tokens/sessions/session-factors.js';
export { SetSessionData } from './tokens/sessions/set-session-data.js';
export { sessionsErrors } from './tokens/sessions/tokens.errors.js';

// ── Accounts ────────────────────────────────────────────────────────────────────────────────────
// A feature keeps what it knows of a user in a table of its own, keyed by `user_id`; `User` is for the
// foreign key of its entity: `@ManyToOne(() => User, { onDelete: 'CASCADE' })`.
//   await this.assignRoles.assign(userId, ['user', 'customer'], SYSTEM);       or the caller, who is judged
//   await this.changeStatus.change(userId, { status: 'disabled' }, actor);
//   await this.setPassword.set({ userId, newPassword, proof: 'sms_code' }, actor, consumeCode);
//   await this.authority.requireOver(manager, userId, actor);       before acting on somebody else's account
export { AssignRoles } from './users/accounts/assign-roles.js';
export { ChangeUserStatus } from './users/accounts/change-user-status.js';
export { MakeStale } from './users/accounts/make-stale.js';
export { RequireAuthority } from './users/accounts/require-authority.js';
export type { SignInAccount } from './users/accounts/sign-in-account.js';
export { User } from './users/accounts/user.entity.js';
export { UserDirectory } from './users/accounts/user-directory.js';
export type { UserProfile } from './users/accounts/users.dto.js';
export { usersErrors } from './users/accounts/users.errors.js';
export { Users } from './users/accounts/users.js';
export { VerifyEmail } from './users/accounts/verify-email.js';
export type { PasswordOwner } from './users/passwords/guessable-words.js';
export { PasswordRule } from './users/passwords/password-rule.js';
export { UsersModule } from './users/users.module.js';
