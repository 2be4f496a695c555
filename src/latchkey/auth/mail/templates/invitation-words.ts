import { layOutMail } from '../../../platform/mail/written-mail.js';
import { type OwnWords, PHRASES } from './phrases.js';

const { en, de } = PHRASES;
const DAY_MINUTES = 1_440;

/** They are sent at the word of an administrator: whose address and browser is nothing to the reader. */
export const invitationWords: OwnWords<'invitation' | 'recovery-by-admin'> = {
  en: {
    invitation: (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: you are invited`,
        paragraphs: [
          en.greeting(facts),
          `an administrator has made an account for you at ${facts.product}. Open the link and choose a password. It works once, for ${Math.round(facts.minutes / DAY_MINUTES)} days.`,
        ],
        link: { label: 'Accept the invitation', url: facts.link },
        footnotes: [
          'If you do not want the account, do nothing: without the link nobody gets into it. Give the link to nobody.',
          `${facts.product}, account ${facts.account}.`,
        ],
      }),
    'recovery-by-admin': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: choose a new password`,
        paragraphs: [
          en.greeting(facts),
          `an administrator of ${facts.product} has asked for a new password for your account. Open the link and choose one. It works once, for ${facts.minutes} minutes.`,
        ],
        link: { label: 'Choose a new password', url: facts.link },
        footnotes: [
          'If you do not expect this, do nothing: your password stays as it is. Give the link to nobody, to no administrator either.',
          `${facts.product}, account ${facts.account}.`,
        ],
      }),
  },
  de: {
    invitation: (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: Sie sind eingeladen`,
        paragraphs: [
          de.greeting(facts),
          `eine Administratorin oder ein Administrator hat bei ${facts.product} ein Konto für Sie angelegt. Öffnen Sie den Link und wählen Sie ein Passwort. Er gilt einmal, ${Math.round(facts.minutes / DAY_MINUTES)} Tage lang.`,
        ],
        link: { label: 'Einladung annehmen', url: facts.link },
        footnotes: [
          'Wenn Sie das Konto nicht möchten, brauchen Sie nichts zu tun: Ohne den Link kommt niemand hinein. Geben Sie den Link niemandem.',
          `${facts.product}, Konto ${facts.account}.`,
        ],
      }),
    'recovery-by-admin': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: neues Passwort wählen`,
        paragraphs: [
          de.greeting(facts),
          `eine Administratorin oder ein Administrator von ${facts.product} hat ein neues Passwort für Ihr Konto angefordert. Öffnen Sie den Link und wählen Sie eines. Er gilt einmal, ${facts.minutes} Minuten lang.`,
        ],
        link: { label: 'Neues Passwort wählen', url: facts.link },
        footnotes: [
          'Wenn Sie das nicht erwarten, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist. Geben Sie den Link niemandem, auch keinem Administrator.',
          `${facts.product}, Konto ${facts.account}.`,
        ],
      }),
  },
};
