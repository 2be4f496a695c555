import { layOutMail } from '../../../platform/mail/written-mail.js';
import { type OwnWords, PHRASES } from './phrases.js';

const { en, de } = PHRASES;

/** A code alone: it is good in the session that asked, which a link would not lead to. */
export const factorEnrolmentWords: OwnWords<'factor-enrolment'> = {
  en: {
    'factor-enrolment': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: a passkey or second factor`,
        paragraphs: [
          en.greeting(facts),
          `somebody who has signed in to your ${facts.product} account wants to add a passkey or a second factor to it. If it is you, type the code where you asked. It works once, for ${facts.minutes} minutes.`,
        ],
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'If it is not you, somebody knows your password: set another one. Without the code nothing is added. Give it to nobody, and type it on no other site.',
          en.origin(facts),
        ],
      }),
  },
  de: {
    'factor-enrolment': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: ein Passkey oder zweiter Faktor`,
        paragraphs: [
          de.greeting(facts),
          `jemand hat sich bei Ihrem Konto bei ${facts.product} angemeldet und möchte einen Passkey oder einen zweiten Faktor hinzufügen. Wenn Sie es sind, geben Sie den Code dort ein, wo Sie ihn angefordert haben. Er gilt einmal, ${facts.minutes} Minuten lang.`,
        ],
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'Wenn Sie es nicht sind, kennt jemand Ihr Passwort: Setzen Sie ein anderes. Ohne den Code wird nichts hinzugefügt. Geben Sie ihn niemandem, und auf keiner anderen Seite ein.',
          de.origin(facts),
        ],
      }),
  },
};
