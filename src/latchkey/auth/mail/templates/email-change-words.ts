import { layOutMail } from '../../../platform/mail/written-mail.js';
import { type OwnWords, PHRASES } from './phrases.js';

const { en, de } = PHRASES;

export const emailChangeWords: OwnWords<'email-change' | 'email-taken'> = {
  en: {
    'email-change': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: confirm your new address`,
        paragraphs: [
          en.greeting(facts),
          `the owner of the ${facts.product} account ${facts.account} wants this address for it. If that is you, open the link, or type the code where you asked. Either works once, for ${facts.minutes} minutes.`,
        ],
        link: { label: 'Confirm the address', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'If it is not you, do nothing: the account does not get your address. Give link and code to nobody.',
          en.origin(facts),
        ],
      }),
    'email-taken': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: somebody wanted your address`,
        paragraphs: [
          en.greeting(facts),
          `somebody wanted this address for another ${facts.product} account. It stays with yours. If that was you, sign in to the account that has it, or delete that one first.`,
        ],
        footnotes: [en.origin(facts)],
      }),
  },
  de: {
    'email-change': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: neue Adresse bestätigen`,
        paragraphs: [
          de.greeting(facts),
          `der Inhaber des Kontos ${facts.account} bei ${facts.product} möchte diese Adresse dafür. Wenn Sie das sind, öffnen Sie den Link oder geben Sie den Code dort ein, wo Sie es angefordert haben. Beides gilt einmal, ${facts.minutes} Minuten lang.`,
        ],
        link: { label: 'Adresse bestätigen', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'Wenn Sie das nicht sind, brauchen Sie nichts zu tun: Das Konto bekommt Ihre Adresse nicht. Geben Sie Link und Code niemandem.',
          de.origin(facts),
        ],
      }),
    'email-taken': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: jemand wollte Ihre Adresse`,
        paragraphs: [
          de.greeting(facts),
          `jemand wollte diese Adresse für ein anderes Konto bei ${facts.product}. Sie bleibt bei Ihrem. Wenn Sie das waren, melden Sie sich bei dem Konto an, das sie hat, oder löschen Sie es zuerst.`,
        ],
        footnotes: [de.origin(facts)],
      }),
  },
};
