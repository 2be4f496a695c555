export interface ResourceUsage {
  /** User and system time of all threads of the process, in microseconds. */
  readonly processorMicroseconds: number;
  readonly residentBytes: number;
  readonly statements: number;
}

export function resourceUsage(statements: number): ResourceUsage {
  const { user, system } = process.cpuUsage();
  return {
    processorMicroseconds: user + system,
    residentBytes: process.memoryUsage.rss(),
    statements,
  };
}
