import { Counter, Gauge, type Registry } from 'prom-client';

/** One value, or one for each set of labels. */
type Reading =
  | number
  | readonly { readonly labels: Record<string, string>; readonly value: number }[];

/** A metric that is kept where it arises, and read at each scrape. */
export interface Figure {
  /** By Prometheus' conventions: base units, `_total` for what only grows. */
  readonly name: string;
  readonly help: string;
  /** What it is told apart by. */
  readonly labels?: readonly string[];
  /** NaN while it is not known yet: the series is there from the start. */
  read(): Reading;
}

/** Enters them into the registry: those whose names end in `_total` as counters, the others as gauges. */
export function registerFigures(registry: Registry, figures: readonly Figure[]): void {
  for (const { name, help, labels = [], read } of figures) {
    const described = { name, help, labelNames: labels, registers: [registry] };
    if (name.endsWith('_total')) {
      new Counter({
        ...described,
        collect() {
          this.reset();
          for (const { labels, value } of listed(read())) this.inc(labels, value);
        },
      });
    } else {
      new Gauge({
        ...described,
        collect() {
          this.reset();
          for (const { labels, value } of listed(read())) this.set(labels, value);
        },
      });
    }
  }
}

function listed(reading: Reading) {
  return typeof reading === 'number' ? [{ labels: {}, value: reading }] : reading;
}

/** A reading of one label. */
export function byLabel(label: string, values: Iterable<readonly [string, number]>): Reading {
  return [...values].map(([key, value]) => ({ labels: { [label]: key }, value }));
}
