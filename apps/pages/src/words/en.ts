/** How one message of the API about a field is said here. */
type Saying = readonly [RegExp, (part: string) => string];

const byMessage: readonly Saying[] = [
  [
    /at least (\d+) characters/,
    (count) => `Use at least ${count} characters. A few words in a row are good.`,
  ],
  [/at most (\d+) characters/, (count) => `Use at most ${count} characters.`],
  [/commonest passwords/, () => 'Many people use this password. Choose one of your own.'],
  [
    /must not be built from/,
    () =>
      'This is made from your name, your address or the name of this service. Choose something nobody can derive from them.',
  ],
  [
    /known from a breach/,
    () => 'This password has become known in a data breach. Choose another one.',
  ],
  [/must be an e-mail address/, () => 'This is not an e-mail address we can write to.'],
  [/must be one line/, () => 'Please write this on one line.'],
];

const byCode: Readonly<Record<string, string>> = {
  'auth.factor_invalid': 'This code is wrong, or has been used.',
  'auth.second_factor_required':
    'This account asks for a passkey, and this browser cannot show one here. Please use another device.',
  'auth.external_state_invalid':
    'This took too long, or was begun in another browser. Please begin again.',
  'auth.external_denied': 'You have cancelled it there. Please try again, or use another way.',
  'auth.external_unavailable':
    'It does not answer right now. Please use another way, or try later.',
  'auth.external_refused': 'Its answer could not be trusted. Please use another way.',
  'auth.external_email_missing':
    'It has told no e-mail address, and an account takes one. Please use another way.',
  'auth.external_unknown': 'Nobody signs in that way here any more.',
  'identities.taken': 'That account belongs to somebody else here. Sign in by it instead.',
  'identities.too_many': 'The account has as many of these as one can have. Remove one first.',
  'identities.not_found': 'It has been removed already.',
  'auth.passkey_unknown':
    'No account has this passkey any more. Please use another way to sign in.',
  'client.no_passkey': 'The browser has given no passkey. Please try again, or use another way.',
  'client.passkey_exists': 'This device has a passkey of this account already.',
  'factors.code_invalid': 'This code is wrong, or too old. Enter the one that the app shows now.',
  'factors.locked':
    'There have been too many wrong codes. Use a recovery code or a passkey, or ask an administrator.',
  'factors.too_many': 'The account has as many of these as one can have. Remove one first.',
  'factors.not_found':
    'It has been removed already, or has waited for too long. Please begin again.',
  'factors.last_way_in':
    'Without this you could not sign in any more. Add a passkey, or set a password first.',
  'factors.passkey_invalid': 'This passkey cannot be taken here. Please try again.',
  'auth.invalid_credentials': 'The e-mail address or the password is wrong.',
  'auth.email_unverified':
    'Confirm your address first: we have sent you a mail with a link. You can ask for another one below.',
  'auth.email_change_off': 'Addresses cannot be changed here.',
  'auth.email_sign_in_off': 'Nobody signs in by mail here.',
  'roles.last_admin': 'You are the last administrator. Give somebody else that role first.',
  'auth.proof_invalid':
    'This link or code is wrong, has been used, or is too old. Please ask for a new one.',
  'auth.registration_closed': 'Accounts cannot be registered here. Please ask an administrator.',
  'auth.recovery_off': 'Passwords are not replaced by mail here. Please ask an administrator.',
  'auth.email_verification_off': 'Addresses are not confirmed by mail here.',
  'auth.password_sign_in_off': 'Nobody signs in with a password here.',
  'auth.cross_site':
    'This page is not served from the address it belongs to. Please open it from the link again.',
  'auth.busy': 'A lot is going on right now. Please try again in a moment.',
  'users.email_taken':
    'There is an account with this address already. Sign in instead, or reset its password.',
  'users.not_found': 'This account does not exist any more.',
  'sessions.not_found': 'This session has already ended.',
  'passwords.check_unavailable':
    'The password cannot be checked right now. Please try again in a moment.',
  'database.unavailable': 'The service is briefly unavailable. Please try again in a moment.',
  'access.revocation_unavailable':
    'The service is briefly unavailable. Please try again in a moment.',
  'access.unauthenticated': 'You have been signed out. Please sign in again.',
  'auth.session_revoked': 'You have been signed out. Please sign in again.',
  'auth.session_expired': 'You have been signed out. Please sign in again.',
  'client.no_answer': 'There is no answer. Please check your connection and try again.',
  'client.unexpected_answer':
    'There was an answer that makes no sense. Please try again in a moment.',
};

/** Every word of the pages, in English. */
export const en = {
  optional: '(optional)',
  show: 'Show',
  oneMoment: 'One moment…',
  language: 'Language',
  back: 'Back',
  email: 'E-mail address',
  password: 'Password',
  newPassword: 'New password',
  passwordHint: (least: number) => `At least ${least} characters. A few words in a row are good.`,
  name: 'Name',
  code: 'Code from the mail',
  codeHint: 'Eight characters, such as 7K2M-9QXA.',
  problems: {
    missing: 'Please fill this in.',
    email: 'This does not look like an e-mail address.',
    unknown: 'Something went wrong. Please try again.',
    rule: (text: string) => `This cannot be taken: it ${text}.`,
    tooMany: (minutes: number) =>
      `There have been too many attempts. Please wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    byCode,
    byMessage,
  },
  signIn: {
    title: 'Sign in',
    submit: 'Sign in',
    forgotten: 'Forgot your password?',
    toRegister: 'Create an account',
    byPasskey: 'Sign in with a passkey',
    off: 'Nobody signs in with a password here. Please use the application that led you here.',
  },
  secondFactor: {
    title: 'One more step',
    over: 'This took too long. Please sign in again.',
    passkey: {
      ask: 'Use a passkey of your account: by fingerprint, face or PIN.',
      offer: 'Use a passkey instead',
      submit: 'Use a passkey',
      wrong: 'This passkey is not one of this account.',
    },
    password: {
      ask: 'Your sign-in was a while ago. Enter your password to go on.',
      offer: 'Use the password instead',
    },
    totp: {
      ask: 'Your account asks for a code of your authenticator app.',
      label: 'Code from the app',
      offer: 'Use the app instead',
    },
    recovery_code: {
      ask: 'Type one of the recovery codes that you have kept. Each is good once.',
      label: 'Recovery code',
      offer: 'Use a recovery code instead',
    },
  },
  register: {
    title: 'Create an account',
    submit: 'Create account',
    toSignIn: 'I have an account already',
    closed: 'Accounts cannot be registered here. Please ask an administrator for one.',
    mailTitle: 'Look into your mailbox',
    mailText: (email: string) =>
      `We have written to ${email}. Open the link in the mail to confirm that the address is yours, then sign in.`,
  },
  verify: {
    title: 'Confirm your address',
    ask: 'One more click, and this address is confirmed as yours.',
    submit: 'Confirm address',
    needed:
      'This account was registered in another browser. To make sure that nobody else holds a key to it, choose a new password, or enter the one you chose when you registered.',
    choose: 'Choose a new password',
    know: 'Enter the password I chose',
    setAndConfirm: 'Set password and confirm',
    wrongPassword: 'This is not the password of the account.',
    doneTitle: 'Your address is confirmed',
    done: 'Thank you. You can sign in now.',
    requestText: 'We send you a link and a code by which you confirm that the address is yours.',
    request: 'Send the mail',
  },
  recover: {
    title: 'Reset your password',
    ask: 'Tell us your address, and we send you a link and a code by which you choose a new password.',
    request: 'Send the mail',
    sentTitle: 'Look into your mailbox',
    sent: (email: string, howLong: string) =>
      `If there is an account for ${email}, a mail is on its way. Open its link, or enter its code here. Both are good for ${howLong}.`,
    again: 'Use another address',
    chooseTitle: 'Choose a new password',
    choose: 'With the new password you will be signed out everywhere and can sign in again.',
    submit: 'Set new password',
    doneTitle: 'Your password is set',
    done: 'Every session has ended. Sign in with your new password.',
    anew: 'Ask for a new mail',
  },
  invitation: {
    title: 'Welcome',
    ask: 'An account has been made for you. Choose a password, and it is yours.',
    submit: 'Accept the invitation',
    doneTitle: 'The account is yours',
    done: 'You can sign in now.',
    noLink: 'Please open this page from the link in the mail.',
  },
  mailSignIn: {
    title: 'Sign in by mail',
    offer: 'Sign in by mail instead',
    byPassword: 'Sign in with a password instead',
    ask: 'We send you a mail with a link and a code. Use either in this browser, and you are signed in.',
    linkTitle: 'Sign in',
    linkAsk: 'One more click, and you are signed in.',
  },
  emailChange: {
    ask: 'One more click, and this is the address of your account. Your former address is told.',
    doneTitle: 'Your address has been changed',
    done: 'From now on, sign in with the new address.',
    undoTitle: 'Take back your address',
    undoAsk:
      'This makes your former address that of the account again, and ends every session. We then send you a mail to set a new password.',
    undo: 'Take back my address',
    undoneTitle: 'Your address is back',
    undone: 'Every session has ended. Look into your mailbox: a mail lets you set a new password.',
    noLink: 'Please open this page from the link in the mail.',
  },
  endSessions: {
    title: 'Sign out everywhere',
    ask: 'This ends every session of your account, on every device. If somebody else changed your password, reset it afterwards.',
    submit: 'End all sessions',
    doneTitle: 'Every session has ended',
    done: 'Nobody is signed in to your account any more. If it was not you who changed it, reset your password now.',
    noLink: 'Please open this page from the link in the mail.',
  },
  providers: {
    signInWith: (name: string) => `Continue with ${name}`,
    title: 'Accounts elsewhere',
    text: 'You can sign in through these as well.',
    add: (name: string) => `Add ${name}`,
    proofTitle: 'Is this your account?',
    proofByMail:
      'There is an account with your address already. If it is yours, we have written to it: enter the code of that mail here, or open its link in this browser.',
    proofBySignIn:
      'There is an account with your address already. If it is yours, sign in to it as you usually do.',
    linkAsk: 'One more click, and you can sign in that way from now on.',
    link: 'Link and sign in',
    otherwise: 'Sign in another way',
  },
  factors: {
    passkeys: 'Passkeys',
    passkeysText:
      'A passkey signs you in by fingerprint, face or PIN, without a password. It works on this site alone, so nobody can coax it out of you.',
    passkey: 'Passkey',
    name: 'Name of the passkey',
    nameHint: 'So that you know later which device it is.',
    addPasskey: 'Add a passkey',
    passkeyAdded: 'The passkey has been added.',
    noPasskeys: 'This browser has no passkeys on this page.',
    secondSteps: 'Second step at sign-in',
    secondStepsText:
      'With an authenticator app a stolen password opens nothing: signing in takes a code of the app as well.',
    totp: 'Authenticator app',
    addTotp: 'Add an authenticator app',
    totpAdded: 'The app has been added. From now on you are asked for its code.',
    scan: 'Scan this picture with your authenticator app.',
    qrCode: 'QR code for the authenticator app',
    typeSecret: 'Or type this into the app:',
    openApp: 'Open it in an app on this device',
    confirmTotp: 'Add the app',
    makeCodes: 'Make new recovery codes',
    codesLeft: (left: number) =>
      left === 0
        ? 'You have no recovery codes. They let you in when you have lost everything else.'
        : `You have ${left === 1 ? 'one recovery code' : `${left} recovery codes`} left. New ones take their place.`,
    codesTitle: 'Your recovery codes',
    codesText:
      'Each of them lets you in once, when you have lost your app or passkey. They are shown now and never again: keep them somewhere safe.',
    codesOf: (brand: string, email: string) => `Recovery codes of ${email} for ${brand}`,
    copy: 'Copy',
    copied: 'Copied.',
    notCopied: 'The browser does not let this page copy them.',
    downloadCodes: 'Download',
    print: 'Print',
    kept: 'I have kept them',
    codesKept: 'Use each recovery code once.',
    added: (day: string) => `added ${day}`,
    neverUsed: 'not used yet',
    rename: 'Rename',
    renameTitle: 'Another name',
    remove: 'Remove',
    removeTitle: (name: string) => `Remove “${name}”?`,
    removeText: 'It signs nobody in from then on.',
    removed: (name: string) => `“${name}” has been removed.`,
    mailProof: (email: string) =>
      `This is the first one of your account, so we make sure that it is you: we have written to ${email}, or to your former address if you have changed it within the last seven days. Enter the code of that mail.`,
  },
  account: {
    title: 'Your account',
    signOut: 'Sign out',
    signedOut: 'You are signed out',
    signedOutText: 'You have signed out, or your session has ended.',
    toSignIn: 'Sign in',
    profile: 'Profile',
    verified: 'confirmed',
    unverified: 'not confirmed yet',
    confirmNow: 'Confirm it',
    mailLanguage: 'Language of mails',
    ofBrowser: 'As my browser asks',
    save: 'Save',
    saved: 'Saved.',
    password: 'Password',
    passwordText: 'With a new password every other device is signed out.',
    currentPassword: 'Current password',
    wrongPassword: 'This is not your current password.',
    changePassword: 'Change password',
    passwordChanged: 'Your password has been changed. Every other device is signed out.',
    sessions: 'Where you are signed in',
    thisDevice: 'This device',
    unknownDevice: 'Unknown device',
    lastUsed: (time: string) => `last used ${time}`,
    on: (browser: string, system: string) => `${browser} on ${system}`,
    end: 'Sign out',
    ended: 'That device is signed out.',
    changeEmail: 'Change the address',
    newEmail: 'New e-mail address',
    changeEmailText:
      'We write to the new address. It takes the place of this one once you have confirmed it there.',
    emailSent: (email: string) =>
      `We have written to ${email}. Enter the code of that mail, or open its link.`,
    freshTitle: 'Is it you?',
    signInAgain: 'Sign in again instead',
    goOn: 'Go on',
    cancel: 'Cancel',
    data: 'Your data',
    dataText: 'Everything that is held of you, as a file (JSON).',
    download: 'Download my data',
    leave: 'Delete the account',
    leaveText: 'Your account and what is held of you are erased. This cannot be undone.',
    leaveAsk: 'Do you really want to delete your account?',
    leaveNow: 'Delete for good',
    left: 'Your account is deleted',
    leftText: 'What was held of you is being erased. You can close this page.',
    endOthers: 'Sign out everywhere',
  },
};

export type Words = typeof en;
