import { layOutMail } from '../../../platform/mail/written-mail.js';
import { type OwnWords, PHRASES } from './phrases.js';

const { en, de } = PHRASES;

export const recoveryWords: OwnWords<'recovery' | 'password-changed'> = {
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
    'password-changed': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: your password has been changed`,
        paragraphs: [
          en.greeting(facts),
          `the password of your ${facts.product} account has been changed, and every device has been signed out.`,
          'If it was not you, ask for a new password at once, and write to whoever runs this service.',
        ],
        footnotes: [en.origin(facts)],
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
    'password-changed': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: Ihr Passwort wurde geändert`,
        paragraphs: [
          de.greeting(facts),
          `das Passwort Ihres Kontos bei ${facts.product} wurde geändert, und alle Geräte wurden abgemeldet.`,
          'Wenn Sie es nicht waren, fordern Sie sofort ein neues Passwort an und schreiben Sie dem Betreiber.',
        ],
        footnotes: [de.origin(facts)],
      }),
  },
};
