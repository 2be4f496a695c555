/** What is set for one provider: `EXTERNAL_<ID>_…`. */
export interface ProviderSettings {
  readonly id: string;
  /** What its button says. */
  readonly name: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of an OpenID Connect provider; of a preset, to have another one than its own. */
  readonly issuer: string | null;
  readonly scopes: readonly string[] | null;
  /** The client ids of native apps, besides `clientId`. */
  readonly audiences: readonly string[];
  /** Which values of `amr` say that two factors were shown; none unless it is set. */
  readonly trustedAmr: readonly string[];
  /** Domains of the addresses whose proof by the provider counts; null: all of them. */
  readonly emailDomains: readonly string[] | null;
  /** Whether what the provider gives is kept for features (`ProviderTokens`). */
  readonly keepsTokens: boolean;
  /** Of Microsoft: whose accounts may sign in. */
  readonly tenant: string | null;
  /** Of Apple. */
  readonly teamId: string | null;
  readonly keyId: string | null;
  readonly privateKey: string | null;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** What a preset knows by itself, and what it has to be told. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  google: ['CLIENT_ID', 'CLIENT_SECRET'],
  github: ['CLIENT_ID', 'CLIENT_SECRET'],
  microsoft: ['CLIENT_ID', 'CLIENT_SECRET'],
  apple: ['CLIENT_ID', 'TEAM_ID', 'KEY_ID', 'PRIVATE_KEY'],
};
const REQUIRED_OF_ISSUERS = ['CLIENT_ID', 'CLIENT_SECRET', 'ISSUER'];

const NAMES = [
  'NAME',
  'CLIENT_ID',
  'CLIENT_SECRET',
  'ISSUER',
  'SCOPES',
  'AUDIENCES',
  'TRUST_AMR',
  'EMAIL_DOMAINS',
  'KEEP_TOKENS',
  'TENANT',
  'TEAM_ID',
  'KEY_ID',
  'PRIVATE_KEY',
] as const;

const TENANT =
  /^(?:common|organizations|consumers|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const MAX_NAME_LENGTH = 60;

/** `my-idp` has the variables `EXTERNAL_MY_IDP_…`. */
export function prefixOf(id: string): string {
  return `EXTERNAL_${id.toUpperCase().replaceAll('-', '_')}_`;
}

/** The settings of a provider as they stand in the environment. Nothing is checked yet. */
export function readProvider(id: string, variables: Variables): ProviderSettings {
  const prefix = prefixOf(id);
  const read = (name: (typeof NAMES)[number]) => {
    const text = variables[prefix + name]?.trim();
    return text === undefined || text === '' ? null : text;
  };
  const list = (name: (typeof NAMES)[number]) =>
    read(name)
      ?.split(/[\s,]+/)
      .filter((item) => item !== '') ?? null;
  return {
    id,
    name: read('NAME'),
    clientId: read('CLIENT_ID') ?? '',
    clientSecret: read('CLIENT_SECRET') ?? '',
    issuer: read('ISSUER'),
    scopes: list('SCOPES'),
    audiences: list('AUDIENCES') ?? [],
    trustedAmr: list('TRUST_AMR') ?? [],
    emailDomains: list('EMAIL_DOMAINS')?.map((domain) => domain.toLowerCase()) ?? null,
    keepsTokens: read('KEEP_TOKENS') === 'on',
    tenant: read('TENANT'),
    teamId: read('TEAM_ID'),
    keyId: read('KEY_ID'),
    // Where a line cannot be broken, `\n` stands for it.
    privateKey: read('PRIVATE_KEY')?.replaceAll('\\n', '\n') ?? null,
  };
}

/**
 * What is wrong with the settings of a provider, in lines that name variables and no value. One that is
 * neither a preset nor has an issuer has to be a class, which is found when the application starts.
 */
export function problemsOf(settings: ProviderSettings, variables: Variables): string[] {
  const prefix = prefixOf(settings.id);
  const written = Object.keys(variables)
    .filter((name) => name.startsWith(prefix) && variables[name]?.trim())
    .map((name) => name.slice(prefix.length));
  const kept = variables[`${prefix}KEEP_TOKENS`]?.trim() ?? '';
  const unclear = ['', 'on', 'off'].includes(kept)
    ? []
    : [`${prefix}KEEP_TOKENS must be on or off`];
  // A class may say the rest by itself.
  const isClass = written.every((name) => name === 'KEEP_TOKENS');
  if (!isPreset(settings.id) && isClass) return unclear;
  const demanded = REQUIRED[settings.id] ?? REQUIRED_OF_ISSUERS;
  const unknown = written.filter((name) => !(NAMES as readonly string[]).includes(name));
  return [
    ...demanded
      .filter((name) => !written.includes(name))
      .map((name) => `${prefix}${name} must be set: EXTERNAL_PROVIDERS lists ${settings.id}`),
    ...unknown.map((name) => `${prefix}${name} is read by nothing: it may be misspelt`),
    ...malformed(settings).map(([name, demand]) => `${prefix}${name} must be ${demand}`),
    ...unclear,
  ];
}

export function isPreset(id: string): boolean {
  return Object.hasOwn(REQUIRED, id);
}

function malformed(settings: ProviderSettings): [string, string][] {
  const { issuer, tenant, name, privateKey, emailDomains } = settings;
  const checks: [string, string, boolean][] = [
    ['ISSUER', 'an address such as https://id.example.com, without ? and #', isIssuer(issuer)],
    ['TENANT', 'common, organizations, consumers or a tenant id', !tenant || TENANT.test(tenant)],
    ['NAME', `a line of at most ${MAX_NAME_LENGTH} characters`, isName(name)],
    [
      'PRIVATE_KEY',
      'the text of the .p8 file, with \\n for its line breaks',
      privateKey === null || /^-----BEGIN PRIVATE KEY-----\n[\s\S]+-----END/.test(privateKey),
    ],
    [
      'EMAIL_DOMAINS',
      'domains such as example.com, separated by commas',
      emailDomains?.every((domain) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) !== false,
    ],
  ];
  return checks.filter(([, , isGood]) => !isGood).map(([variable, demand]) => [variable, demand]);
}

function isIssuer(issuer: string | null): boolean {
  if (issuer === null) return true;
  return URL.canParse(issuer) && /^https?:\/\/[^\s?#@]+$/.test(issuer);
}

function isName(name: string | null): boolean {
  return name === null || (name.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(name));
}
