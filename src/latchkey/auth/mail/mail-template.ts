import type { WrittenMail } from '../../platform/mail/written-mail.js';
import { NOTICE_NAMES } from './notice-names.js';

/** Every mail that Latchkey writes. */
export const MAIL_NAMES = [
  'recovery',
  'recovery-by-admin',
  'email-verification',
  'already-registered',
  'address-reserved',
  'invitation',
  'email-change',
  'email-taken',
  'email-sign-in',
  'factor-enrolment',
  'identity-proof',
  ...NOTICE_NAMES,
] as const;
export type MailName = (typeof MAIL_NAMES)[number];

/**
 * What a mail may say. Only those that hand over a secret have `link`, `code` and `minutes`; a notice has
 * an empty `link` when what it held is worth nothing by now, and so has `factor-enrolment`, which hands over
 * its code alone.
 */
export interface MailFacts {
  readonly product: string;
  /** The account's address, which is mostly also whom the mail goes to. */
  readonly account: string;
  /** Null as well where the mailbox has not been proved: whoever chose it need not be the reader. */
  readonly name: string | null;
  /** Its fragment holds the token. */
  readonly link: string;
  readonly code: string;
  /** How long both are good. */
  readonly minutes: number;
  /** When it was asked for or happened. */
  readonly at: Date;
  /** Where from: an address (`0.0.0.0`: from the server itself), and the browser and its system in our words. */
  readonly ip: string;
  readonly device: string | null;
}

/**
 * Port: a team's own words for one mail in one language, in place of Latchkey's or beside them. Provide
 * a class that extends it in any module; the other mails stay as they are.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class RecoveryInFrench extends MailTemplate {
 *   readonly mail = 'recovery';
 *   readonly locale = 'fr';
 *   write({ product, link, code }: MailFacts) {
 *     return layOutMail({ locale: 'fr', subject: `${product} : nouveau mot de passe`, … });
 *   }
 * }
 * ```
 */
export abstract class MailTemplate {
  abstract readonly mail: MailName;
  /** Of BCP 47, in lower case: `fr`, `pt-br`. */
  abstract readonly locale: string;

  abstract write(facts: MailFacts): WrittenMail;
}
