import { appendFileSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/**
 * Begins to measure a test file, and gives what ends it: a line in the file that `TEST_COSTS` names,
 * with the seconds of processor time of this process, those of the processes that it started and that
 * have ended (on Linux), its memory in MB, and the path.
 */
export function measureCosts(path: string): () => void {
  const file = process.env.TEST_COSTS;
  if (file === undefined) return () => {};
  const [cpu, children] = [process.cpuUsage(), childrenSeconds()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    const seconds = [(user + system) / 1e6, childrenSeconds() - children];
    const memory = Math.round(process.memoryUsage.rss() / 1e6);
    appendFileSync(file, `${[...seconds.map((one) => one.toFixed(2)), memory, path].join('\t')}\n`);
  };
}

function childrenSeconds(): number {
  if (process.platform !== 'linux') return 0;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}
