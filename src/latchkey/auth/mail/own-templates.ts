import type { MailName } from './mail-template.js';
import { emailChangeWords } from './templates/email-change-words.js';
import { emailSignInWords } from './templates/email-sign-in-words.js';
import { factorEnrolmentWords } from './templates/factor-enrolment-words.js';
import { identityProofWords } from './templates/identity-proof-words.js';
import { invitationWords } from './templates/invitation-words.js';
import { noticeWords } from './templates/notice-words.js';
import type { OwnWords } from './templates/phrases.js';
import { recoveryWords } from './templates/recovery-words.js';
import { verificationWords } from './templates/verification-words.js';

type Templates = OwnWords<MailName>['en'];

/** Latchkey's own words for every mail, by language. */
export const OWN_TEMPLATES: ReadonlyMap<string, Templates> = new Map(
  (['en', 'de'] as const).map((locale) => [
    locale,
    {
      ...recoveryWords[locale],
      ...verificationWords[locale],
      ...invitationWords[locale],
      ...emailChangeWords[locale],
      ...emailSignInWords[locale],
      ...factorEnrolmentWords[locale],
      ...identityProofWords[locale],
      ...noticeWords[locale],
    },
  ]),
);
