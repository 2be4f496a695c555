import { TRANSPILE } from './scripts/transpile.mjs';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testRunner: '<rootDir>/test/runner/native-runner.mjs',
  transform: {
    '^.+\\.ts$': ['@swc/jest', { ...TRANSPILE, sourceMaps: 'inline' }],
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/runner/longest-first.mjs',
  maxWorkers: 2,
};
