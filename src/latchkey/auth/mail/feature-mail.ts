import type { WrittenMail } from '../../platform/mail/written-mail.js';

/** Whom a mail of a feature's goes to. */
export interface MailReader {
  readonly userId: string;
  readonly email: string;
  /** Null as well where the mailbox has not been proved: whoever chose it need not be the reader. */
  readonly name: string | null;
  /** The language that the account has chosen, of BCP 47; null: none. */
  readonly locale: string | null;
  /** `BRAND_NAME`. */
  readonly product: string;
}

/**
 * Port: a mail of a feature's to the owner of an account, written when it is sent. Provide a class that extends it in
 * any module, and have it sent by `FeatureMails.put`.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class InvoiceDueMail extends FeatureMail {
 *   readonly mail = 'invoice-due';
 *   async write({ locale, product }: MailReader, { invoiceId }: Record<string, unknown>) {
 *     const invoice = await this.invoices.find(String(invoiceId));
 *     if (invoice === null) return null;
 *     return layOutMail({ locale: locale ?? 'en', subject: `${product}: an invoice is due`, … });
 *   }
 * }
 * ```
 */
export abstract class FeatureMail {
  /** Its name among all mails: `invoice-due`. */
  abstract readonly mail: string;

  /**
   * What it throws makes another try necessary, after a pause.
   *
   * @param facts as `FeatureMails.put` was given them
   * @returns null when there is nothing left to say
   */
  abstract write(
    reader: MailReader,
    facts: Readonly<Record<string, unknown>>,
  ): WrittenMail | null | Promise<WrittenMail | null>;
}
