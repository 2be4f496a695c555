import { layOutMail } from '../../../platform/mail/written-mail.js';
import { type OwnWords, PHRASES } from './phrases.js';

const { en, de } = PHRASES;

export const emailSignInWords: OwnWords<'email-sign-in'> = {
  en: {
    'email-sign-in': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: sign in`,
        paragraphs: [
          en.greeting(facts),
          `somebody wants to sign in to your ${facts.product} account. If it is you, type the code where you asked, or open the link in the same browser. Either works once, for ${facts.minutes} minutes.`,
        ],
        link: { label: 'Sign in', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'If it is not you, do nothing: nobody gets in without them. Give link and code to nobody, and type the code on no other site.',
          en.origin(facts),
        ],
      }),
  },
  de: {
    'email-sign-in': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: anmelden`,
        paragraphs: [
          de.greeting(facts),
          `jemand möchte sich bei Ihrem Konto bei ${facts.product} anmelden. Wenn Sie es sind, geben Sie den Code dort ein, wo Sie ihn angefordert haben, oder öffnen Sie den Link im selben Browser. Beides gilt einmal, ${facts.minutes} Minuten lang.`,
        ],
        link: { label: 'Anmelden', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'Wenn Sie es nicht sind, brauchen Sie nichts zu tun: Ohne sie kommt niemand hinein. Geben Sie Link und Code niemandem, und den Code auf keiner anderen Seite ein.',
          de.origin(facts),
        ],
      }),
  },
};
