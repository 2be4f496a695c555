import { isWeakSecret, SecretsConfig } from '../../../platform/config/secrets.config.js';
import type { Check, Subject } from '../check.js';
import { type Finding, ok, wrong } from '../finding.js';

/** What documentation, images and hands write. */
const COMMON = /^(latchkey|postgres|redis|password|secret|admin|root|test|change-?me|example)\d*$/i;

/** Whether what must be secret is one, and is one thing's alone. */
export const secretsCheck: Check = {
  part: 'secrets',
  async *examine(subject) {
    const problems = [...problemsIn(subject)];
    yield* problems;
    if (problems.length === 0) yield ok('No secret is weak or used twice.');
  },
};

function* problemsIn(subject: Subject): Generator<Finding> {
  const { appSecrets } = subject.config.get(SecretsConfig);
  if (appSecrets.some(isWeakSecret)) {
    yield wrong(
      'APP_SECRETS holds what is too short, or was written by hand and not drawn.',
      'Put one from "openssl rand -base64 48" before it, and remove it once keys and sessions have moved (docs/cryptography.md).',
    );
  }
  if (new Set(appSecrets).size < appSecrets.length) {
    yield wrong('APP_SECRETS holds a secret twice.', 'Remove one of the two.');
  }
  const secrets = secretsIn(subject);
  for (const [index, [name, secret]] of secrets.entries()) {
    const others = secrets
      .slice(index + 1)
      .filter(([other, one]) => other !== name && one === secret);
    for (const [other] of others) {
      yield wrong(
        `${name} and ${other} hold the same secret: whoever learns one has both.`,
        'Give each one of its own.',
      );
    }
  }
  if (!subject.production) return;
  const guessed = secrets.filter(([, secret]) => COMMON.test(secret)).map(([name]) => name);
  for (const name of new Set(guessed)) {
    yield wrong(`The password in ${name} is one that anybody tries first.`, 'Draw another one.');
  }
}

/** Every secret that the settings hold, with the variable's name. */
function secretsIn({ environment, config }: Subject): [name: string, secret: string][] {
  const own = config.get(SecretsConfig).appSecrets.map((secret) => ['APP_SECRETS', secret]);
  const named = Object.entries(environment)
    .filter(([name]) =>
      /^(MONITORING_TOKEN|BOOTSTRAP_ADMIN_PASSWORD|EXTERNAL_\w+_CLIENT_SECRET)$/.test(name),
    )
    .map(([name, value = '']) => [name, value.trim()]);
  const inUrls = ['DATABASE_URL', 'REDIS_URL', 'MAIL_URL'].map((name) => [
    name,
    passwordIn(environment[name] ?? ''),
  ]);
  const all = [...own, ...named, ...inUrls] as [string, string][];
  return all.filter(([, secret]) => secret !== '');
}

/** Also of addresses that name several hosts. */
function passwordIn(url: string): string {
  const [, password = ''] = /^[\w+-]+:\/\/[^:@/]*:([^@/]*)@/.exec(url) ?? [];
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
