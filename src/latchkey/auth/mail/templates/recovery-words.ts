import { layOutMail } from '../../../platform/mail/written-mail.js';
import { type OwnWords, PHRASES } from './phrases.js';

const { en, de } = PHRASES;

export const recoveryWords: OwnWords<'recovery'> = {
  en: {
    recovery: (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: choose a new password`,
        paragraphs: [
          en.greeting(facts),
          `somebody has asked for a new password for your ${facts.product} account. If it was you, open the link, or type the code where you asked. Either works once, for ${facts.minutes} minutes.`,
        ],
        link: { label: 'Choose a new password', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'If it was not you, do nothing: your password stays as it is. Give link and code to nobody.',
          en.origin(facts),
        ],
      }),
  },
  de: {
    recovery: (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: neues Passwort wählen`,
        paragraphs: [
          de.greeting(facts),
          `jemand hat ein neues Passwort für Ihr Konto bei ${facts.product} angefordert. Wenn Sie es waren, öffnen Sie den Link oder geben Sie den Code dort ein, wo Sie es angefordert haben. Beides gilt einmal, ${facts.minutes} Minuten lang.`,
        ],
        link: { label: 'Neues Passwort wählen', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist. Geben Sie Link und Code niemandem.',
          de.origin(facts),
        ],
      }),
  },
};
