import { layOutMail } from '../../../platform/mail/written-mail.js';
import { type OwnWords, PHRASES } from './phrases.js';

const { en, de } = PHRASES;

export const verificationWords: OwnWords<
  'email-verification' | 'already-registered' | 'address-reserved'
> = {
  en: {
    'email-verification': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: confirm your address`,
        paragraphs: [
          en.greeting(facts),
          `somebody has registered this address with ${facts.product}. If it was you, open the link, or type the code where you registered. Either works once, for ${hours(facts.minutes)} hours.`,
        ],
        link: { label: 'Confirm the address', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'If it was not you, do nothing: the address stays unconfirmed. Give link and code to nobody.',
          en.origin(facts),
        ],
      }),
    'already-registered': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: you have an account already`,
        paragraphs: [
          en.greeting(facts),
          `somebody has tried to register this address with ${facts.product}, where it has an account already. Nothing has changed.`,
          'If it was you, sign in. If you have forgotten your password, ask for a new one there.',
        ],
        footnotes: ['If it was not you, you need do nothing.', en.origin(facts)],
      }),
    'address-reserved': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: this address is not free yet`,
        paragraphs: [
          en.greeting(facts),
          `somebody wanted this address for an account at ${facts.product}. It was that of another account until a few days ago, whose owner may take it back for seven days after the change. Nothing has changed.`,
          'If it was you, try again once the seven days are over, or take the address back by the mail that told you of the change.',
        ],
        footnotes: ['If it was not you, you need do nothing.', en.origin(facts)],
      }),
  },
  de: {
    'email-verification': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: Adresse bestätigen`,
        paragraphs: [
          de.greeting(facts),
          `jemand hat diese Adresse bei ${facts.product} registriert. Wenn Sie es waren, öffnen Sie den Link oder geben Sie den Code dort ein, wo Sie sich registriert haben. Beides gilt einmal, ${hours(facts.minutes)} Stunden lang.`,
        ],
        link: { label: 'Adresse bestätigen', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Die Adresse bleibt unbestätigt. Geben Sie Link und Code niemandem.',
          de.origin(facts),
        ],
      }),
    'already-registered': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: Sie haben bereits ein Konto`,
        paragraphs: [
          de.greeting(facts),
          `jemand wollte diese Adresse bei ${facts.product} registrieren; sie hat dort aber schon ein Konto. Es hat sich nichts geändert.`,
          'Wenn Sie es waren, melden Sie sich an. Wenn Sie Ihr Passwort vergessen haben, fordern Sie dort ein neues an.',
        ],
        footnotes: ['Wenn Sie es nicht waren, brauchen Sie nichts zu tun.', de.origin(facts)],
      }),
    'address-reserved': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: diese Adresse ist noch nicht frei`,
        paragraphs: [
          de.greeting(facts),
          `jemand wollte diese Adresse für ein Konto bei ${facts.product}. Bis vor einigen Tagen war sie die eines anderen Kontos, dessen Inhaber sie sieben Tage lang zurückholen kann. Es hat sich nichts geändert.`,
          'Wenn Sie es waren, versuchen Sie es nach Ablauf der sieben Tage noch einmal, oder holen Sie die Adresse mit der Mail zurück, in der die Änderung stand.',
        ],
        footnotes: ['Wenn Sie es nicht waren, brauchen Sie nichts zu tun.', de.origin(facts)],
      }),
  },
};

function hours(minutes: number): number {
  return Math.max(1, Math.round(minutes / 60));
}
