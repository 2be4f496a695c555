import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/runner/longest-first.mjs';

/** How the tests run: docs/adr/0010. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: 'forks',
    isolate: false,
    maxWorkers: 4,
    execArgv: [
      '--max-semi-space-size=64',
      '--import',
      new URL('./scripts/typescript/register.mjs', import.meta.url).href,
    ],
    globalSetup: 'test/support/global-setup.mjs',
    setupFiles: 'test/runner/each-file.ts',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { sequencer: LongestFirst },
  },
});
