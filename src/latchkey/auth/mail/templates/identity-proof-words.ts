import { layOutMail } from '../../../platform/mail/written-mail.js';
import { type OwnWords, PHRASES } from './phrases.js';

const { en, de } = PHRASES;

export const identityProofWords: OwnWords<'identity-proof'> = {
  en: {
    'identity-proof': (facts) =>
      layOutMail({
        locale: 'en',
        subject: `${facts.product}: is this sign-in yours?`,
        paragraphs: [
          en.greeting(facts),
          `somebody has signed in at another provider, and wants to use that sign-in for your ${facts.product} account from now on. If it is you, type the code where you began, or open the link in the same browser. Either works once, for ${facts.minutes} minutes.`,
        ],
        link: { label: 'Use it for my account', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'If it is not you, do nothing: your account stays as it is. Give link and code to nobody, and type the code on no other site.',
          en.origin(facts),
        ],
      }),
  },
  de: {
    'identity-proof': (facts) =>
      layOutMail({
        locale: 'de',
        subject: `${facts.product}: Ist diese Anmeldung Ihre?`,
        paragraphs: [
          de.greeting(facts),
          `jemand hat sich bei einem anderen Anbieter angemeldet und möchte diese Anmeldung künftig für Ihr Konto bei ${facts.product} verwenden. Wenn Sie es sind, geben Sie den Code dort ein, wo Sie begonnen haben, oder öffnen Sie den Link im selben Browser. Beides gilt einmal, ${facts.minutes} Minuten lang.`,
        ],
        link: { label: 'Für mein Konto verwenden', url: facts.link },
        code: { label: 'Code', code: facts.code },
        footnotes: [
          'Wenn Sie es nicht sind, brauchen Sie nichts zu tun: Ihr Konto bleibt, wie es ist. Geben Sie Link und Code niemandem, und den Code auf keiner anderen Seite ein.',
          de.origin(facts),
        ],
      }),
  },
};
