import { AuthConfig } from '../../../auth/auth.config.js';
import { misspeltSettings } from '../../../platform/config/read-environment.js';
import { DisclosureConfig } from '../../../platform/http/disclosure/disclosure.config.js';
import { MailConfig } from '../../../platform/mail/mail.config.js';
import { RedisConfig } from '../../../platform/redis/redis.config.js';
import { RevocationConfig } from '../../../tokens/revocation/revocation.config.js';
import type { Check, Subject } from '../check.js';
import { type Finding, notice, wrong } from '../finding.js';

/** What is well-formed and may still not be meant. What production refuses is refused before. */
export const settingsCheck: Check = {
  part: 'settings',
  async *examine(subject) {
    for (const line of misspeltSettings(subject.environment)) {
      yield wrong(line, 'Rename it, or remove it: nothing goes by it.');
    }
    if (subject.production) yield* inProduction(subject);
    else {
      yield notice(
        'NODE_ENV is not production: cheap settings, generated secrets and the development mailbox are allowed.',
        'Set NODE_ENV=production where others sign in.',
      );
    }
  },
};

function* inProduction({ config }: Subject): Generator<Finding> {
  if (config.get(RevocationConfig).onOutage === 'open') {
    yield notice(
      'REVOCATION_ON_OUTAGE=open: while neither Redis nor Postgres answers, what has been revoked meanwhile is accepted.',
      'Leave it closed unless refusing requests would cost more.',
    );
  }
  if (config.get(RedisConfig).url === undefined) {
    yield notice(
      'REDIS_URL is not set: revocations reach other instances within REVOCATION_POLL_SECONDS, and each instance counts attempts for itself.',
      'Set it where there is more than one instance.',
    );
  }
  const { registration, emailVerification } = config.get(AuthConfig);
  if (registration === 'open' && emailVerification === 'off') {
    yield notice(
      'Anybody may register any address, and nobody is asked to prove it (REGISTRATION=open, EMAIL_VERIFICATION=off).',
      'Set EMAIL_VERIFICATION=required, or REGISTRATION=closed (docs/account-life.md).',
    );
  }
  if (config.get(MailConfig).url === undefined) {
    yield notice(
      'MAIL_URL is not set: nobody recovers a password, and no owner hears of changes to the account.',
      'Set it (docs/mail.md).',
    );
  }
  const { metrics, apiDescription, healthDetails } = config.get(DisclosureConfig);
  for (const [name, value] of Object.entries({
    METRICS: metrics,
    API_DESCRIPTION: apiDescription,
    HEALTH_DETAILS: healthDetails,
  })) {
    if (value === 'on') {
      yield notice(
        `${name}=on tells it to strangers, too.`,
        'Unset it; MONITORING_TOKEN opens metrics and health to those who show it (docs/http.md).',
      );
    }
  }
}
