import { figure, ratio } from '../figures.js';
import { BenchChild } from '../processes/bench-child.js';
import type { Row } from '../row.js';

const SCRIPT = new URL('../probes/first-sight-process.ts', import.meta.url);

export const firstSight: Row = {
  name: 'first-sight',
  title: 'First sight of a token against a bare crypto.verify of the same signature (ES256)',
  target: '≤ 1.3 × its time',
  async run(bench) {
    const probe = bench.own(await BenchChild.start(SCRIPT));
    const count = 500;
    const time = (way: string) => () => probe.ask<number>('time', { way, count });
    const sides = { bare: time('bare'), verifier: time('verifier'), guard: time('guard') };
    bench.progress('warming up');
    for (const side of Object.values(sides)) await side();
    const { bare, verifier, guard } = await bench.alternate(sides, bench.quick ? 5 : 25);
    const itself = (microseconds: number) => microseconds;
    return [
      ratio('guard, first sight of a token', guard, bare, itself, { atMost: 1.3 }),
      ratio('verifier alone', verifier, bare, itself),
      figure('bare crypto.verify', 'µs', bare),
      figure('verifier alone', 'µs', verifier),
      figure('guard, from the header to the principal', 'µs', guard),
    ];
  },
};
