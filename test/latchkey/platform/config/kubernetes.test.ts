import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { typeErrors } from '../../../support/consumer-types.js';

const FOLDER = 'deploy/kubernetes';
const API = /^(?:([a-z]+)(?:\.k8s\.io)?\/)?(v\d+)$/;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

interface Kustomization extends Manifest {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly literals: readonly string[] }[];
  readonly images: readonly unknown[];
}

interface Container {
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly optional?: boolean } };
  }[];
  readonly resources?: { readonly limits?: { readonly memory?: string } };
  readonly securityContext?: object;
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

interface Probe {
  readonly httpGet?: { readonly path?: string };
}

interface Pods extends Manifest {
  readonly spec: {
    readonly replicas?: number;
    readonly strategy?: { readonly rollingUpdate?: object };
    readonly selector?: { readonly matchLabels: object };
    readonly template: {
      readonly spec: {
        readonly automountServiceAccountToken?: boolean;
        readonly containers: readonly Container[];
        readonly securityContext?: object;
        readonly terminationGracePeriodSeconds?: number;
      };
    };
  };
}

interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: object };
    readonly policyTypes: readonly string[];
    readonly ingress: readonly {
      readonly from?: readonly { readonly namespaceSelector?: { readonly matchLabels?: object } }[];
    }[];
  };
}

const manifests = new Map<string, Manifest>();
beforeAll(async () => {
  const files = await readdir(FOLDER, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.yaml')))
    manifests.set(file, load(await readFile(join(FOLDER, file), 'utf8')) as Manifest);
});

const manifest = <Kind>(file: string) => manifests.get(file) as Kind;
const podOf = (file: string) => manifest<Pods>(file).spec.template.spec;

describe('deploy/kubernetes', () => {
  it('is valid by the types of the Kubernetes API, to the last field', () => {
    const described = [...manifests].filter(([file]) => basename(file) !== 'kustomization.yaml');
    expect(described.length).toBeGreaterThan(4);
    const program = described.map(([, { apiVersion, kind, ...rest }], index) => {
      const [, group = 'core', version] = API.exec(apiVersion) ?? [];
      const text = JSON.stringify({ apiVersion, kind, ...rest });
      return `import type { ${kind} as Kind${index} } from 'kubernetes-types/${group}/${version}';
        export const manifest${index}: Kind${index} = ${text};`;
    });
    expect(typeErrors(process.cwd(), 'bundler', program.join('\n'))).toEqual([]);
    const misspelt = program.join('\n').replace('"replicas":', '"replica":');
    expect(typeErrors(process.cwd(), 'bundler', misspelt)).toEqual([
      expect.stringMatching(/'"replica"' does not exist in type 'DeploymentSpec'/),
    ]);
  });

  it('lists every file, and has one image for the service and for its migrations', () => {
    const named = ['', 'migrate/'].map(
      (folder) => manifest<Kustomization>(`${folder}kustomization.yaml`).images,
    );
    expect(named[0]).toEqual(named[1]);
    for (const folder of ['', 'migrate/']) {
      const { resources } = manifest<Kustomization>(`${folder}kustomization.yaml`);
      const beside = [...manifests.keys()]
        .filter((file) => join(folder, basename(file)) === file)
        .map((file) => basename(file))
        .filter((file) => file !== 'kustomization.yaml');
      expect([...resources].sort()).toEqual(beside.sort());
    }
  });

  it('sets nothing that there is not, and no secret', async () => {
    const example = await readFile('.env.example', 'utf8');
    const settings = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    const { configMapGenerator } = manifest<Kustomization>('kustomization.yaml');
    const literals = configMapGenerator.flatMap(({ literals }) => literals);
    const env = ['deployment.yaml', 'migrate/job.yaml'].flatMap((file) =>
      podOf(file).containers.flatMap((container) => container.env ?? []),
    );
    const names = [...literals.map((one) => one.split('=')[0]), ...env.map(({ name }) => name)];
    expect(names.filter((name) => !settings.includes(name))).toEqual([]);
    const secrets = env.filter(({ name }) => /SECRET|TOKEN|_URL$/.test(name));
    expect(secrets.length).toBeGreaterThan(4);
    for (const { value, valueFrom } of secrets) {
      expect(value).toBeUndefined();
      expect(valueFrom?.secretKeyRef?.optional ?? false).toBe(false);
    }
  });

  it('replaces one of two after another, and gives each time to end', () => {
    const { spec } = manifest<Pods>('deployment.yaml');
    expect(spec.replicas).toBe(2);
    expect(spec.strategy?.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    const { configMapGenerator } = manifest<Kustomization>('kustomization.yaml');
    const [delay = ''] = configMapGenerator.flatMap(({ literals }) =>
      literals.flatMap((one) => /^SHUTDOWN_DELAY_SECONDS=(\d+)$/.exec(one)?.[1] ?? []),
    );
    const seconds = podOf('deployment.yaml').terminationGracePeriodSeconds ?? 0;
    expect(seconds).toBeGreaterThanOrEqual(Number(delay) + 25);
  });

  it.each(['deployment.yaml', 'migrate/job.yaml'])(
    'runs as an account without rights, on files that it cannot write: %s',
    (file) => {
      const { securityContext, automountServiceAccountToken, containers } = podOf(file);
      expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      expect(automountServiceAccountToken).toBe(false);
      for (const container of containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources?.limits?.memory).toBeDefined();
      }
    },
  );

  it('probes what there is, and restarts nothing for a store that is away', async () => {
    const routes = await readFile('docs/routes.md', 'utf8');
    const [container] = podOf('deployment.yaml').containers;
    const probed = [container?.startupProbe, container?.readinessProbe, container?.livenessProbe];
    const paths = probed.map((probe) => probe?.httpGet?.path);
    expect(paths).toEqual(['/health/ready', '/health/ready', '/health/live']);
    for (const path of paths) expect(routes).toContain(`| \`GET\` | \`${path}\` |`);
  });

  it('lets those in whom it names, and takes metrics to be for one of them', () => {
    const { spec } = manifest<NetworkPolicy>('network-policy.yaml');
    expect(spec.policyTypes).toEqual(['Ingress']);
    const { matchLabels } = manifest<Pods>('deployment.yaml').spec.selector ?? {};
    expect(spec.podSelector.matchLabels).toEqual(matchLabels);
    const peers = spec.ingress.flatMap(({ from = [] }) => from);
    expect(peers).toHaveLength(2);
    for (const peer of peers) expect(peer.namespaceSelector?.matchLabels).toBeDefined();
    const env = podOf('deployment.yaml').containers.flatMap((container) => container.env ?? []);
    expect(env.map(({ name }) => name)).toContain('MONITORING_TOKEN');
  });
});
