// First of all: what a link holds leaves the address bar.
import './taken-token.js';
import { showAccount } from './account/account.js';
import { showAcceptInvitation } from './pages/accept-invitation.js';
import { showAuthorize } from './pages/authorize.js';
import { showDevice } from './pages/device.js';
import { showConfirmEmail, showUndoEmailChange } from './pages/email-change.js';
import { showEndSessions } from './pages/end-sessions.js';
import { showLinkIdentity } from './pages/link-identity.js';
import { showRecover } from './pages/recover.js';
import { showRegister } from './pages/register.js';
import { showSignIn } from './pages/sign-in.js';
import { showSignOut } from './pages/sign-out.js';
import { showVerify } from './pages/verify.js';
import { showLanguages } from './show/languages.js';

/** By the last part of the address: see `PAGE_NAMES` of the server. */
const PAGES: Readonly<Record<string, () => unknown>> = {
  'sign-in': showSignIn,
  register: showRegister,
  verify: showVerify,
  recover: showRecover,
  'accept-invitation': showAcceptInvitation,
  'confirm-email': showConfirmEmail,
  'undo-email-change': showUndoEmailChange,
  'end-sessions': showEndSessions,
  'link-identity': showLinkIdentity,
  account: showAccount,
  authorize: showAuthorize,
  device: showDevice,
  'sign-out': showSignOut,
};

const name = location.pathname.split('/').at(-1) ?? '';
const show = () => PAGES[name]?.();
showLanguages(show);
show();
