import { randomBytes } from 'node:crypto';
import { Stores } from './stores/stores.js';

/** The issuer that all servers of a run agree on. */
const ISSUER = 'https://latchkey.bench';

interface Owned {
  stop(): Promise<void>;
}

export interface BenchRunOptions {
  readonly quick: boolean;
  progress(text: string): void;
}

/** What the rows of one run share: its pace, its stores and its secrets. */
export class BenchRun {
  readonly stores = new Stores();
  readonly quick: boolean;
  /** Each side of a comparison is measured so often, in turn with the others. */
  readonly rounds: number;
  /** How long one side is measured in one round. */
  readonly seconds: number;
  readonly progress: (text: string) => void;
  /** Every server process gets these: the service as it runs in production, but for its log. */
  readonly environment: Readonly<Record<string, string>> = {
    NODE_ENV: 'production',
    JWT_ISSUER: ISSUER,
    APP_SECRETS: randomBytes(48).toString('base64url'),
    LOG_LEVEL: 'warn',
  };
  private owned: Owned[] = [];
  private ending?: Promise<void>;

  constructor({ quick, progress }: BenchRunOptions) {
    this.quick = quick;
    this.rounds = quick ? 3 : 5;
    this.seconds = quick ? 2 : 4;
    this.progress = progress;
  }

  /** Stopped after the row that started it. */
  own<T extends Owned>(owned: T): T {
    this.owned.push(owned);
    return owned;
  }

  /** The last one started is the first to stop. */
  async release(): Promise<void> {
    for (const owned of this.owned.splice(0).reverse()) await owned.stop();
  }

  /** Once, however often it is called. */
  end(): Promise<void> {
    this.ending ??= this.release().then(() => this.stores.stop());
    return this.ending;
  }

  /** Measures every side in turn, round by round, so that all meet the same disturbances. */
  async alternate<T, Name extends string>(
    sides: Readonly<Record<Name, () => Promise<T>>>,
    rounds = this.rounds,
  ): Promise<Record<Name, T[]>> {
    const names = Object.keys(sides) as Name[];
    const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
      Name,
      T[]
    >;
    for (let round = 1; round <= rounds; round++) {
      for (const name of names) {
        this.progress(`round ${round} of ${rounds}: ${name}`);
        samples[name].push(await sides[name]());
      }
    }
    return samples;
  }
}
