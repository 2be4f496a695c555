import type { WrittenMail } from '../../../platform/mail/written-mail.js';
import type { MailFacts, MailName } from '../mail-template.js';

/** Latchkey's words for some mails, in each language that it has. */
export type OwnWords<Names extends MailName> = Readonly<
  Record<'en' | 'de', Readonly<Record<Names, (facts: MailFacts) => WrittenMail>>>
>;

/** The address of the server itself, when it acts by itself or by its command line. */
const NOWHERE = '0.0.0.0';

/** What every mail says alike: the greeting, and where the request came from. */
export const PHRASES = {
  en: {
    greeting: ({ name }: MailFacts) => `Hello${name === null ? '' : ` ${name}`},`,
    origin: ({ product, account, at, ip, device }: MailFacts) =>
      `${product}, account ${account}. The request came on ${timeOf(at)}${ip === NOWHERE ? '' : ` from ${ip}`}${device === null ? '' : `, with “${device}”`}.`,
  },
  de: {
    greeting: ({ name }: MailFacts) => `Guten Tag${name === null ? '' : ` ${name}`},`,
    origin: ({ product, account, at, ip, device }: MailFacts) =>
      `${product}, Konto ${account}. Die Anfrage kam am ${timeOf(at)}${ip === NOWHERE ? '' : ` von ${ip}`}${device === null ? '' : ` mit „${device}“`}.`,
  },
} as const;

function timeOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
