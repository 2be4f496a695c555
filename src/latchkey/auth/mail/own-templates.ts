import { layOutMail, type WrittenMail } from '../../platform/mail/written-mail.js';
import type { MailFacts, MailName } from './mail-template.js';

type Templates = Readonly<Record<MailName, (facts: MailFacts) => WrittenMail>>;

const inEnglish: Templates = {
  recovery: (facts) =>
    layOutMail({
      locale: 'en',
      subject: `${facts.product}: choose a new password`,
      paragraphs: [
        `Hello${facts.name === null ? '' : ` ${facts.name}`},`,
        `somebody has asked for a new password for your ${facts.product} account. If it was you, open the link, or type the code where you asked. Either works once, for ${facts.minutes} minutes.`,
      ],
      link: { label: 'Choose a new password', url: facts.link },
      code: { label: 'Code', code: facts.code },
      footnotes: [
        'If it was not you, do nothing: your password stays as it is. Give link and code to nobody.',
        originInEnglish(facts),
      ],
    }),
  'password-changed': (facts) =>
    layOutMail({
      locale: 'en',
      subject: `${facts.product}: your password has been changed`,
      paragraphs: [
        `Hello${facts.name === null ? '' : ` ${facts.name}`},`,
        `the password of your ${facts.product} account has been changed, and every device has been signed out.`,
        'If it was not you, ask for a new password at once, and write to whoever runs this service.',
      ],
      footnotes: [originInEnglish(facts)],
    }),
};

const inGerman: Templates = {
  recovery: (facts) =>
    layOutMail({
      locale: 'de',
      subject: `${facts.product}: neues Passwort wählen`,
      paragraphs: [
        `Guten Tag${facts.name === null ? '' : ` ${facts.name}`},`,
        `jemand hat ein neues Passwort für Ihr Konto bei ${facts.product} angefordert. Wenn Sie es waren, öffnen Sie den Link oder geben Sie den Code dort ein, wo Sie es angefordert haben. Beides gilt einmal, ${facts.minutes} Minuten lang.`,
      ],
      link: { label: 'Neues Passwort wählen', url: facts.link },
      code: { label: 'Code', code: facts.code },
      footnotes: [
        'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist. Geben Sie Link und Code niemandem.',
        originInGerman(facts),
      ],
    }),
  'password-changed': (facts) =>
    layOutMail({
      locale: 'de',
      subject: `${facts.product}: Ihr Passwort wurde geändert`,
      paragraphs: [
        `Guten Tag${facts.name === null ? '' : ` ${facts.name}`},`,
        `das Passwort Ihres Kontos bei ${facts.product} wurde geändert, und alle Geräte wurden abgemeldet.`,
        'Wenn Sie es nicht waren, fordern Sie sofort ein neues Passwort an und schreiben Sie dem Betreiber.',
      ],
      footnotes: [originInGerman(facts)],
    }),
};

export const OWN_TEMPLATES: ReadonlyMap<string, Templates> = new Map([
  ['en', inEnglish],
  ['de', inGerman],
]);

function originInEnglish({ product, account, at, ip, device }: MailFacts): string {
  const software = device === null ? '' : `, with “${device}”`;
  return `${product}, account ${account}. The request came on ${timeOf(at)} from ${ip}${software}.`;
}

function originInGerman({ product, account, at, ip, device }: MailFacts): string {
  const software = device === null ? '' : ` mit „${device}“`;
  return `${product}, Konto ${account}. Die Anfrage kam am ${timeOf(at)} von ${ip}${software}.`;
}

function timeOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
