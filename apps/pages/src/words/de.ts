import type { Words } from './en.js';

/** Every word of the pages, in German. */
export const de: Words = {
  optional: '(freiwillig)',
  show: 'Zeigen',
  oneMoment: 'Einen Moment…',
  language: 'Sprache',
  back: 'Zurück',
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  newPassword: 'Neues Passwort',
  passwordHint: (least) => `Mindestens ${least} Zeichen. Gut sind ein paar Wörter hintereinander.`,
  name: 'Name',
  code: 'Code aus der Mail',
  codeHint: 'Acht Zeichen, zum Beispiel 7K2M-9QXA.',
  problems: {
    missing: 'Bitte füllen Sie das aus.',
    email: 'Das sieht nicht nach einer E-Mail-Adresse aus.',
    unknown: 'Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal.',
    rule: (text) => `Das wird nicht angenommen (it ${text}).`,
    tooMany: (minutes) =>
      `Das waren zu viele Versuche. Bitte warten Sie ${minutes === 1 ? 'eine Minute' : `${minutes} Minuten`}.`,
    byCode: {
      'device.code_invalid':
        'Dieser Code ist falsch, zu alt oder schon beantwortet. Geben Sie den ein, den das Gerät jetzt zeigt.',
      'auth.factor_invalid': 'Dieser Code ist falsch oder schon benutzt.',
      'auth.second_factor_required':
        'Dieses Konto verlangt einen Passkey, und dieser Browser kann hier keinen vorzeigen. Bitte nehmen Sie ein anderes Gerät.',
      'auth.external_state_invalid':
        'Das hat zu lange gedauert oder wurde in einem anderen Browser begonnen. Bitte fangen Sie noch einmal an.',
      'auth.external_denied':
        'Sie haben dort abgebrochen. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.',
      'auth.external_unavailable':
        'Von dort kommt gerade keine Antwort. Nehmen Sie einen anderen Weg, oder versuchen Sie es später.',
      'auth.external_refused':
        'Der Antwort von dort ist nicht zu trauen. Bitte nehmen Sie einen anderen Weg.',
      'auth.external_email_missing':
        'Von dort kam keine E-Mail-Adresse, und zu einem Konto gehört eine. Bitte nehmen Sie einen anderen Weg.',
      'auth.external_unknown': 'So meldet sich hier niemand mehr an.',
      'identities.taken':
        'Das gehört hier zu einem anderen Konto. Melden Sie sich stattdessen damit an.',
      'identities.too_many':
        'Das Konto hat davon so viele, wie es haben kann. Entfernen Sie erst eines.',
      'identities.not_found': 'Das ist schon entfernt.',
      'auth.passkey_unknown':
        'Diesen Passkey hat kein Konto mehr. Bitte melden Sie sich auf andere Weise an.',
      'client.no_passkey':
        'Der Browser hat keinen Passkey gegeben. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.',
      'client.passkey_exists': 'Dieses Gerät hat schon einen Passkey dieses Kontos.',
      'factors.code_invalid':
        'Dieser Code ist falsch oder zu alt. Geben Sie den ein, den die App jetzt zeigt.',
      'factors.locked':
        'Das waren zu viele falsche Codes. Nehmen Sie einen Wiederherstellungscode oder einen Passkey, oder fragen Sie die Verwaltung.',
      'factors.too_many':
        'Das Konto hat davon so viele, wie es haben kann. Entfernen Sie erst eines.',
      'factors.not_found':
        'Das ist schon entfernt oder hat zu lange gewartet. Bitte fangen Sie noch einmal an.',
      'factors.last_way_in':
        'Ohne das könnten Sie sich nicht mehr anmelden. Fügen Sie erst einen Passkey hinzu, oder setzen Sie ein Passwort.',
      'factors.passkey_invalid':
        'Dieser Passkey wird hier nicht angenommen. Bitte versuchen Sie es noch einmal.',
      'auth.invalid_credentials': 'Die E-Mail-Adresse oder das Passwort ist falsch.',
      'auth.email_unverified':
        'Bestätigen Sie erst Ihre Adresse: Wir haben Ihnen eine Mail mit einem Link geschickt. Unten können Sie eine neue anfordern.',
      'auth.email_change_off': 'Adressen lassen sich hier nicht ändern.',
      'auth.email_sign_in_off': 'Hier meldet sich niemand mit einer Mail an.',
      'roles.last_admin':
        'Sie verwalten den Dienst als Letzter. Geben Sie erst jemand anderem diese Rolle.',
      'auth.proof_invalid':
        'Dieser Link oder Code ist falsch, verbraucht oder zu alt. Bitte fordern Sie einen neuen an.',
      'auth.registration_closed':
        'Hier kann man kein Konto anlegen. Bitte fragen Sie die Verwaltung.',
      'auth.recovery_off':
        'Passwörter werden hier nicht per Mail ersetzt. Bitte fragen Sie die Verwaltung.',
      'auth.email_verification_off': 'Adressen werden hier nicht per Mail bestätigt.',
      'auth.password_sign_in_off': 'Hier meldet sich niemand mit einem Passwort an.',
      'auth.cross_site':
        'Diese Seite kommt nicht von der Adresse, zu der sie gehört. Bitte öffnen Sie den Link noch einmal.',
      'auth.busy': 'Gerade ist viel los. Bitte versuchen Sie es gleich noch einmal.',
      'users.email_taken':
        'Zu dieser Adresse gibt es schon ein Konto. Melden Sie sich an, oder setzen Sie das Passwort zurück.',
      'users.not_found': 'Dieses Konto gibt es nicht mehr.',
      'sessions.not_found': 'Diese Sitzung ist schon beendet.',
      'passwords.check_unavailable':
        'Das Passwort kann gerade nicht geprüft werden. Bitte versuchen Sie es gleich noch einmal.',
      'database.unavailable':
        'Der Dienst ist kurz nicht erreichbar. Bitte versuchen Sie es gleich noch einmal.',
      'access.revocation_unavailable':
        'Der Dienst ist kurz nicht erreichbar. Bitte versuchen Sie es gleich noch einmal.',
      'access.unauthenticated': 'Sie sind abgemeldet. Bitte melden Sie sich wieder an.',
      'auth.session_revoked': 'Sie sind abgemeldet. Bitte melden Sie sich wieder an.',
      'auth.session_expired': 'Sie sind abgemeldet. Bitte melden Sie sich wieder an.',
      'client.no_answer':
        'Es kommt keine Antwort. Bitte prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
      'client.unexpected_answer':
        'Die Antwort ist unverständlich. Bitte versuchen Sie es gleich noch einmal.',
    },
    byMessage: [
      [
        /at least (\d+) characters/,
        (count) =>
          `Nehmen Sie mindestens ${count} Zeichen. Gut sind ein paar Wörter hintereinander.`,
      ],
      [/at most (\d+) characters/, (count) => `Nehmen Sie höchstens ${count} Zeichen.`],
      [/commonest passwords/, () => 'Dieses Passwort benutzen viele. Wählen Sie ein eigenes.'],
      [
        /must not be built from/,
        () =>
          'Das besteht aus Ihrem Namen, Ihrer Adresse oder dem Namen dieses Dienstes. Wählen Sie etwas, das niemand daraus ableiten kann.',
      ],
      [
        /known from a breach/,
        () => 'Dieses Passwort ist durch ein Datenleck bekannt geworden. Wählen Sie ein anderes.',
      ],
      [/must be an e-mail address/, () => 'An diese E-Mail-Adresse können wir nicht schreiben.'],
      [/must be one line/, () => 'Bitte schreiben Sie das in eine Zeile.'],
    ],
  },
  signIn: {
    title: 'Anmelden',
    submit: 'Anmelden',
    forgotten: 'Passwort vergessen?',
    toRegister: 'Konto anlegen',
    byPasskey: 'Mit einem Passkey anmelden',
    off: 'Hier meldet sich niemand mit einem Passwort an. Bitte benutzen Sie die Anwendung, aus der Sie kommen.',
  },
  secondFactor: {
    title: 'Noch ein Schritt',
    over: 'Das hat zu lange gedauert. Bitte melden Sie sich noch einmal an.',
    passkey: {
      ask: 'Benutzen Sie einen Passkey Ihres Kontos: mit Fingerabdruck, Gesicht oder PIN.',
      offer: 'Stattdessen einen Passkey benutzen',
      submit: 'Passkey benutzen',
      wrong: 'Dieser Passkey gehört nicht zu diesem Konto.',
    },
    password: {
      ask: 'Ihre Anmeldung ist eine Weile her. Geben Sie Ihr Passwort ein, um fortzufahren.',
      offer: 'Stattdessen das Passwort eingeben',
    },
    totp: {
      ask: 'Ihr Konto verlangt einen Code Ihrer Authenticator-App.',
      label: 'Code aus der App',
      offer: 'Stattdessen die App benutzen',
    },
    recovery_code: {
      ask: 'Geben Sie einen der Wiederherstellungscodes ein, die Sie aufbewahrt haben. Jeder gilt einmal.',
      label: 'Wiederherstellungscode',
      offer: 'Stattdessen einen Wiederherstellungscode benutzen',
    },
  },
  register: {
    title: 'Konto anlegen',
    submit: 'Konto anlegen',
    toSignIn: 'Ich habe schon ein Konto',
    closed: 'Hier kann man kein Konto anlegen. Bitte fragen Sie die Verwaltung danach.',
    mailTitle: 'Sehen Sie in Ihr Postfach',
    mailText: (email) =>
      `Wir haben an ${email} geschrieben. Öffnen Sie den Link in der Mail, um zu bestätigen, dass die Adresse Ihre ist, und melden Sie sich dann an.`,
  },
  verify: {
    title: 'Adresse bestätigen',
    ask: 'Noch ein Klick, und diese Adresse ist als Ihre bestätigt.',
    submit: 'Adresse bestätigen',
    needed:
      'Dieses Konto wurde in einem anderen Browser angelegt. Damit sicher niemand sonst einen Schlüssel dazu hat, wählen Sie ein neues Passwort, oder geben Sie das ein, das Sie beim Anlegen gewählt haben.',
    choose: 'Neues Passwort wählen',
    know: 'Mein gewähltes Passwort eingeben',
    setAndConfirm: 'Passwort setzen und bestätigen',
    wrongPassword: 'Das ist nicht das Passwort des Kontos.',
    doneTitle: 'Ihre Adresse ist bestätigt',
    done: 'Danke. Sie können sich jetzt anmelden.',
    requestText:
      'Wir schicken Ihnen einen Link und einen Code, mit denen Sie bestätigen, dass die Adresse Ihre ist.',
    request: 'Mail schicken',
  },
  recover: {
    title: 'Passwort zurücksetzen',
    ask: 'Nennen Sie Ihre Adresse. Wir schicken Ihnen einen Link und einen Code, mit denen Sie ein neues Passwort wählen.',
    request: 'Mail schicken',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: (email, howLong) =>
      `Wenn es ein Konto zu ${email} gibt, ist eine Mail unterwegs. Öffnen Sie ihren Link, oder geben Sie hier ihren Code ein. Beide gelten ${howLong}.`,
    again: 'Andere Adresse nehmen',
    chooseTitle: 'Neues Passwort wählen',
    choose: 'Mit dem neuen Passwort werden Sie überall abgemeldet und können sich wieder anmelden.',
    submit: 'Neues Passwort setzen',
    doneTitle: 'Ihr Passwort ist gesetzt',
    done: 'Alle Sitzungen sind beendet. Melden Sie sich mit dem neuen Passwort an.',
    anew: 'Neue Mail anfordern',
  },
  invitation: {
    title: 'Willkommen',
    ask: 'Für Sie wurde ein Konto angelegt. Wählen Sie ein Passwort, und es gehört Ihnen.',
    submit: 'Einladung annehmen',
    doneTitle: 'Das Konto gehört Ihnen',
    done: 'Sie können sich jetzt anmelden.',
    noLink: 'Bitte öffnen Sie diese Seite über den Link in der Mail.',
  },
  mailSignIn: {
    title: 'Mit einer Mail anmelden',
    offer: 'Lieber mit einer Mail anmelden',
    byPassword: 'Lieber mit Passwort anmelden',
    ask: 'Wir schicken Ihnen eine Mail mit einem Link und einem Code. Nehmen Sie eines von beiden in diesem Browser, und Sie sind angemeldet.',
    linkTitle: 'Anmelden',
    linkAsk: 'Noch ein Klick, und Sie sind angemeldet.',
  },
  emailChange: {
    ask: 'Noch ein Klick, und das ist die Adresse Ihres Kontos. Ihre bisherige Adresse erfährt davon.',
    doneTitle: 'Ihre Adresse ist geändert',
    done: 'Melden Sie sich von nun an mit der neuen Adresse an.',
    undoTitle: 'Adresse zurückholen',
    undoAsk:
      'Damit gehört Ihre bisherige Adresse wieder zum Konto, und alle Sitzungen enden. Danach schicken wir Ihnen eine Mail für ein neues Passwort.',
    undo: 'Meine Adresse zurückholen',
    undoneTitle: 'Ihre Adresse ist zurück',
    undone:
      'Alle Sitzungen sind beendet. Sehen Sie in Ihr Postfach: Mit einer Mail setzen Sie ein neues Passwort.',
    noLink: 'Bitte öffnen Sie diese Seite über den Link in der Mail.',
  },
  app: {
    title: 'Bei einer App anmelden',
    ask: (app) => `${app} möchte Sie anmelden`,
    as: (email) => `Sie sind als ${email} angemeldet.`,
    may: (app) => `Wenn Sie es erlauben, darf ${app}:`,
    mayAt: (app, name, where) => `Wenn Sie es erlauben, darf ${app} bei ${name} (${where}):`,
    scopes: {
      openid: 'wissen, dass Sie es sind',
      profile: 'Ihren Namen und Ihre Sprache sehen',
      email: 'Ihre E-Mail-Adresse sehen',
      offline_access: 'angemeldet bleiben, während Sie weg sind',
      roles: 'Ihre Rollen sehen und tun, was sie erlauben',
    },
    stranger: (host) => `Niemand hat diese App hier angemeldet. Ihr Name ist, was ${host} sagt.`,
    strangerItself:
      'Niemand hat diese App hier angemeldet. Ihr Name ist, was sie selbst von sich sagt.',
    to: (where) => `Die Antwort geht an ${where}.`,
    device:
      'Die Antwort geht an ein Programm auf diesem Gerät. Erlauben Sie es nur, wenn Sie dieses Programm gerade selbst gestartet haben.',
    withdraw: 'Sie können das jederzeit in Ihrem Konto zurücknehmen.',
    choice: (app) => `Weiter zu ${app}`,
    allow: 'Erlauben',
    goOn: 'Weiter',
    cancel: 'Abbrechen',
    another: 'Ein anderes Konto verwenden',
    overTitle: 'Diese Anfrage ist vorbei',
    over: 'Gehen Sie zur App zurück und beginnen Sie noch einmal.',
    section: 'Apps mit Zugriff',
    none: 'Keine App hat Zugriff auf Ihr Konto.',
    remove: 'Zugriff entfernen',
    removed: 'Die App hat keinen Zugriff mehr.',
  },
  device: {
    title: 'Ein Gerät anmelden',
    ask: 'Geben Sie den Code ein, den das Gerät zeigt.',
    code: 'Code des Geräts',
    submit: 'Weiter',
    question: (app) => `${app} auf einem Gerät anmelden`,
    shows: 'Das Gerät muss jetzt diesen Code zeigen:',
    warning:
      'Erlauben Sie es nur, wenn Sie das selbst begonnen haben, auf einem Gerät, das vor Ihnen steht. Wer Ihnen diesen Code oder diesen Link per Mail, Nachricht oder Telefon geschickt hat, will in Ihr Konto.',
    allowedTitle: 'Das Gerät ist angemeldet',
    allowed: (app) => `Gehen Sie zu ihm zurück. ${app} macht von selbst weiter.`,
    deniedTitle: 'Das Gerät ist nicht angemeldet',
    denied: 'Sie haben es abgelehnt, und es hat nichts bekommen.',
  },
  signOut: {
    title: 'Abmelden',
    ask: 'Möchten Sie sich abmelden?',
    askFor: (app) => `${app} bittet Sie, sich abzumelden`,
    everywhere:
      'Damit sind Sie hier und bei jeder App abgemeldet, bei der Sie sich von hier aus angemeldet haben.',
    another: (app) => `${app} meint ein anderes Konto als das, das hier angemeldet ist.`,
    stay: 'Angemeldet bleiben',
    doneTitle: 'Sie sind abgemeldet',
    done: 'Hier ist niemand mehr angemeldet.',
    noneTitle: 'Hier ist niemand angemeldet',
    wrongTitle: 'Diese Anfrage kann nicht ausgeführt werden',
    wrong:
      'Die App hat um etwas gebeten, worum sie nicht bitten darf. Sie sind weiterhin angemeldet.',
  },
  endSessions: {
    title: 'Überall abmelden',
    ask: 'Damit enden alle Sitzungen Ihres Kontos, auf jedem Gerät. Wenn jemand anders Ihr Passwort geändert hat, setzen Sie es danach zurück.',
    submit: 'Alle Sitzungen beenden',
    doneTitle: 'Alle Sitzungen sind beendet',
    done: 'In Ihrem Konto ist niemand mehr angemeldet. Wenn nicht Sie es geändert haben, setzen Sie jetzt Ihr Passwort zurück.',
    noLink: 'Bitte öffnen Sie diese Seite über den Link in der Mail.',
  },
  providers: {
    signInWith: (name) => `Weiter mit ${name}`,
    title: 'Konten anderswo',
    text: 'Auch damit können Sie sich anmelden.',
    add: (name) => `${name} hinzufügen`,
    proofTitle: 'Ist das Ihr Konto?',
    proofByMail:
      'Zu Ihrer Adresse gibt es schon ein Konto. Wenn es Ihres ist: Wir haben dorthin geschrieben. Geben Sie hier den Code aus der Mail ein, oder öffnen Sie ihren Link in diesem Browser.',
    proofBySignIn:
      'Zu Ihrer Adresse gibt es schon ein Konto. Wenn es Ihres ist, melden Sie sich an wie sonst auch.',
    linkAsk: 'Noch ein Klick, und Sie können sich von nun an so anmelden.',
    link: 'Verbinden und anmelden',
    otherwise: 'Anders anmelden',
    notLinked: 'Sie sind angemeldet, aber verbunden wurde nichts',
    notLinkedText: 'Sie können es jederzeit in Ihrem Konto hinzufügen.',
  },
  factors: {
    passkeys: 'Passkeys',
    passkeysText:
      'Ein Passkey meldet Sie mit Fingerabdruck, Gesicht oder PIN an, ohne Passwort. Er gilt nur auf dieser Seite; darum kann ihn Ihnen niemand ablisten.',
    passkey: 'Passkey',
    name: 'Name des Passkeys',
    nameHint: 'Damit Sie später wissen, welches Gerät es ist.',
    addPasskey: 'Passkey hinzufügen',
    passkeyAdded: 'Der Passkey ist hinzugefügt.',
    noPasskeys: 'Dieser Browser hat auf dieser Seite keine Passkeys.',
    secondSteps: 'Zweiter Schritt beim Anmelden',
    secondStepsText:
      'Mit einer Authenticator-App öffnet ein gestohlenes Passwort nichts: Zum Anmelden gehört dann auch ein Code der App.',
    totp: 'Authenticator-App',
    addTotp: 'Authenticator-App hinzufügen',
    totpAdded: 'Die App ist hinzugefügt. Von nun an werden Sie nach ihrem Code gefragt.',
    scan: 'Scannen Sie dieses Bild mit Ihrer Authenticator-App.',
    qrCode: 'QR-Code für die Authenticator-App',
    typeSecret: 'Oder tippen Sie das in die App:',
    openApp: 'In einer App auf diesem Gerät öffnen',
    confirmTotp: 'App hinzufügen',
    makeCodes: 'Neue Wiederherstellungscodes',
    codesLeft: (left) =>
      left === 0
        ? 'Sie haben keine Wiederherstellungscodes. Mit ihnen kommen Sie hinein, wenn Sie alles andere verloren haben.'
        : `Sie haben noch ${left === 1 ? 'einen Wiederherstellungscode' : `${left} Wiederherstellungscodes`}. Neue ersetzen sie.`,
    codesTitle: 'Ihre Wiederherstellungscodes',
    codesText:
      'Mit jedem kommen Sie einmal hinein, wenn Sie App oder Passkey verloren haben. Sie werden nur jetzt gezeigt: Bewahren Sie sie sicher auf.',
    codesOf: (brand, email) => `Wiederherstellungscodes von ${email} für ${brand}`,
    copy: 'Kopieren',
    copied: 'Kopiert.',
    notCopied: 'Der Browser lässt diese Seite nicht kopieren.',
    downloadCodes: 'Herunterladen',
    print: 'Drucken',
    kept: 'Ich habe sie aufbewahrt',
    codesKept: 'Jeder Wiederherstellungscode gilt einmal.',
    added: (day) => `hinzugefügt ${day}`,
    neverUsed: 'noch nicht benutzt',
    rename: 'Umbenennen',
    renameTitle: 'Anderer Name',
    remove: 'Entfernen',
    removeTitle: (name) => `„${name}“ entfernen?`,
    removeText: 'Damit meldet sich dann niemand mehr an.',
    removed: (name) => `„${name}“ ist entfernt.`,
    mailProof: (email) =>
      `Ihr Konto hat noch keinen, darum vergewissern wir uns, dass Sie es sind: Wir haben an ${email} geschrieben, oder an Ihre bisherige Adresse, wenn Sie sie in den letzten sieben Tagen geändert haben. Geben Sie den Code aus der Mail ein.`,
  },
  account: {
    title: 'Ihr Konto',
    signOut: 'Abmelden',
    signedOut: 'Sie sind abgemeldet',
    signedOutText: 'Sie haben sich abgemeldet, oder Ihre Sitzung ist zu Ende.',
    toSignIn: 'Anmelden',
    profile: 'Profil',
    verified: 'bestätigt',
    unverified: 'noch nicht bestätigt',
    confirmNow: 'Bestätigen',
    mailLanguage: 'Sprache der Mails',
    ofBrowser: 'Wie mein Browser sie wünscht',
    save: 'Speichern',
    saved: 'Gespeichert.',
    password: 'Passwort',
    passwordText: 'Mit einem neuen Passwort wird jedes andere Gerät abgemeldet.',
    noPassword: 'Ihr Konto hat kein Passwort. Über eine Mail können Sie eins setzen.',
    currentPassword: 'Jetziges Passwort',
    wrongPassword: 'Das ist nicht Ihr jetziges Passwort.',
    changePassword: 'Passwort ändern',
    passwordChanged: 'Ihr Passwort ist geändert. Jedes andere Gerät ist abgemeldet.',
    sessions: 'Wo Sie angemeldet sind',
    thisDevice: 'Dieses Gerät',
    unknownDevice: 'Unbekanntes Gerät',
    lastUsed: (time) => `zuletzt benutzt ${time}`,
    on: (browser, system) => `${browser} unter ${system}`,
    end: 'Abmelden',
    ended: 'Das Gerät ist abgemeldet.',
    changeEmail: 'Adresse ändern',
    newEmail: 'Neue E-Mail-Adresse',
    changeEmailText:
      'Wir schreiben an die neue Adresse. Sie ersetzt diese, sobald Sie sie dort bestätigt haben.',
    emailSent: (email) =>
      `Wir haben an ${email} geschrieben. Geben Sie den Code aus der Mail ein, oder öffnen Sie ihren Link.`,
    freshTitle: 'Sind Sie es?',
    signInAgain: 'Stattdessen neu anmelden',
    goOn: 'Weiter',
    cancel: 'Abbrechen',
    data: 'Ihre Daten',
    dataText: 'Alles, was über Sie gespeichert ist, als Datei (JSON).',
    download: 'Meine Daten herunterladen',
    leave: 'Konto löschen',
    leaveText:
      'Ihr Konto und was über Sie gespeichert ist wird gelöscht. Das lässt sich nicht rückgängig machen.',
    leaveAsk: 'Wollen Sie Ihr Konto wirklich löschen?',
    leaveNow: 'Endgültig löschen',
    left: 'Ihr Konto ist gelöscht',
    leftText: 'Was über Sie gespeichert war, wird entfernt. Sie können diese Seite schließen.',
    endOthers: 'Überall abmelden',
  },
};
