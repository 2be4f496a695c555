import { layOutMail, type WrittenMail } from '../../../platform/mail/written-mail.js';
import type { MailFacts } from '../mail-template.js';
import { NOTICE_NAMES, type NoticeName } from '../notice-names.js';
import { type OwnWords, PHRASES } from './phrases.js';

/** What a notice says of an account of the product: its subject, and a sentence of what has happened. */
type Words = Readonly<
  Record<NoticeName, readonly [subject: string, happened: (product: string) => string]>
>;

const ENGLISH: Words = {
  'password-changed': [
    'your password has been changed',
    (product) =>
      `the password of your ${product} account has been changed, and every other device has been signed out.`,
  ],
  'email-changed': [
    'your address has been changed',
    (product) => `your ${product} account has another e-mail address now, in place of this one.`,
  ],
  'email-restored': [
    'an address has been taken back',
    (product) =>
      `a ${product} account has its former e-mail address again. This one does not belong to it any more.`,
  ],
  'new-device': [
    'a new device has signed in',
    (product) => `somebody has signed in to your ${product} account from a new device.`,
  ],
  'account-deleted': [
    'your account has been deleted',
    (product) => `your ${product} account has been deleted, with everything that was in it.`,
  ],
  'factor-added': [
    'a second factor has been added',
    (product) => `your ${product} account asks for a second factor from now on.`,
  ],
  'factor-removed': [
    'a second factor has been removed',
    (product) => `a second factor has been removed from your ${product} account.`,
  ],
  'factors-reset': [
    'your second factors have been removed',
    (product) =>
      `an administrator has removed every passkey and second factor from your ${product} account, and every device has been signed out.`,
  ],
  'passkey-added': [
    'a passkey has been added',
    (product) => `a passkey has been added to your ${product} account.`,
  ],
  'passkey-removed': [
    'a passkey has been removed',
    (product) => `a passkey has been removed from your ${product} account.`,
  ],
  'identity-added': [
    'another way to sign in has been added',
    (product) => `your ${product} account can be signed in to by another provider from now on.`,
  ],
  'identity-removed': [
    'a way to sign in has been removed',
    (product) => `your ${product} account cannot be signed in to by another provider any more.`,
  ],
  'recovery-codes-made': [
    'new recovery codes have been made',
    (product) =>
      `new recovery codes have been made for your ${product} account. The former ones are worth nothing.`,
  ],
  'recovery-code-used': [
    'a recovery code has been used',
    (product) =>
      `a recovery code of your ${product} account has been used, to sign in or to confirm a sign-in. It works no more.`,
  ],
};

const GERMAN: Words = {
  'password-changed': [
    'Ihr Passwort wurde geändert',
    (product) =>
      `das Passwort Ihres Kontos bei ${product} wurde geändert, und alle anderen Geräte wurden abgemeldet.`,
  ],
  'email-changed': [
    'Ihre Adresse wurde geändert',
    (product) => `Ihr Konto bei ${product} hat jetzt eine andere E-Mail-Adresse statt dieser.`,
  ],
  'email-restored': [
    'eine Adresse wurde zurückgenommen',
    (product) =>
      `ein Konto bei ${product} hat wieder seine frühere E-Mail-Adresse. Diese gehört nicht mehr dazu.`,
  ],
  'new-device': [
    'Anmeldung mit einem neuen Gerät',
    (product) => `jemand hat sich mit einem neuen Gerät bei Ihrem Konto bei ${product} angemeldet.`,
  ],
  'account-deleted': [
    'Ihr Konto wurde gelöscht',
    (product) => `Ihr Konto bei ${product} wurde gelöscht, mit allem, was darin war.`,
  ],
  'factor-added': [
    'ein zweiter Faktor wurde hinzugefügt',
    (product) => `Ihr Konto bei ${product} verlangt von jetzt an einen zweiten Faktor.`,
  ],
  'factor-removed': [
    'ein zweiter Faktor wurde entfernt',
    (product) => `von Ihrem Konto bei ${product} wurde ein zweiter Faktor entfernt.`,
  ],
  'factors-reset': [
    'Ihre zweiten Faktoren wurden entfernt',
    (product) =>
      `eine Administratorin oder ein Administrator hat alle Passkeys und zweiten Faktoren Ihres Kontos bei ${product} entfernt; alle Geräte wurden abgemeldet.`,
  ],
  'passkey-added': [
    'ein Passkey wurde hinzugefügt',
    (product) => `Ihr Konto bei ${product} hat einen weiteren Passkey.`,
  ],
  'passkey-removed': [
    'ein Passkey wurde entfernt',
    (product) => `von Ihrem Konto bei ${product} wurde ein Passkey entfernt.`,
  ],
  'identity-added': [
    'ein weiterer Weg zur Anmeldung wurde hinzugefügt',
    (product) =>
      `bei Ihrem Konto bei ${product} kann man sich jetzt über einen weiteren Anbieter anmelden.`,
  ],
  'identity-removed': [
    'ein Weg zur Anmeldung wurde entfernt',
    (product) =>
      `bei Ihrem Konto bei ${product} kann man sich über einen Anbieter nicht mehr anmelden.`,
  ],
  'recovery-codes-made': [
    'neue Wiederherstellungscodes',
    (product) =>
      `für Ihr Konto bei ${product} wurden neue Wiederherstellungscodes erzeugt. Die früheren gelten nicht mehr.`,
  ],
  'recovery-code-used': [
    'ein Wiederherstellungscode wurde benutzt',
    (product) =>
      `ein Wiederherstellungscode Ihres Kontos bei ${product} wurde benutzt, zur Anmeldung oder zu ihrer Bestätigung. Er gilt nicht mehr.`,
  ],
};

const FRAME = {
  en: {
    words: ENGLISH,
    yours: 'If it was you, there is nothing to do.',
    notYours:
      'If it was not you, open the link: it ends every session of the account. Then ask for a new password, and write to those who run this service.',
    undo: 'If it was not you, open the link within seven days: this address is yours again, every session ends, and you choose a new password.',
    withoutLink: 'If it was not you, write to those who run this service.',
    endSessions: 'End all sessions',
    undoChange: 'Take the address back',
  },
  de: {
    words: GERMAN,
    yours: 'Wenn Sie es waren, brauchen Sie nichts zu tun.',
    notYours:
      'Wenn Sie es nicht waren, öffnen Sie den Link: Er beendet alle Sitzungen des Kontos. Fordern Sie dann ein neues Passwort an und schreiben Sie dem Betreiber.',
    undo: 'Wenn Sie es nicht waren, öffnen Sie innerhalb von sieben Tagen den Link: Diese Adresse gehört wieder Ihnen, alle Sitzungen enden, und Sie wählen ein neues Passwort.',
    withoutLink: 'Wenn Sie es nicht waren, schreiben Sie dem Betreiber.',
    endSessions: 'Alle Sitzungen beenden',
    undoChange: 'Adresse zurückholen',
  },
} as const;

function writeNotice(locale: 'en' | 'de', notice: NoticeName, facts: MailFacts): WrittenMail {
  const frame = FRAME[locale];
  const { greeting, origin } = PHRASES[locale];
  const [subject, happened] = frame.words[notice];
  const { product, link: url } = facts;
  const undoes = notice === 'email-changed';
  const advice = undoes ? frame.undo : frame.notYours;
  const label = undoes ? frame.undoChange : frame.endSessions;
  return layOutMail({
    locale,
    subject: `${product}: ${subject}`,
    paragraphs: [
      greeting(facts),
      happened(product),
      frame.yours,
      url === '' ? frame.withoutLink : advice,
    ],
    ...(url !== '' && { link: { label, url } }),
    footnotes: [origin(facts)],
  });
}

function writersIn(locale: 'en' | 'de') {
  const writers = NOTICE_NAMES.map(
    (notice) => [notice, (facts: MailFacts) => writeNotice(locale, notice, facts)] as const,
  );
  return Object.fromEntries(writers) as OwnWords<NoticeName>['en'];
}

/** A new kind of notice takes a name in `NOTICE_NAMES` and a line in each language. */
export const noticeWords: OwnWords<NoticeName> = { en: writersIn('en'), de: writersIn('de') };
