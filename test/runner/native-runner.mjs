/**
 * Runs a test file by jest-circus, Jest's own test runner, but as a module of Node: Jest's module
 * system, which evaluates everything anew for every file, is left out. See docs/adr/0010.
 */
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { measureCosts } from './costs.mjs';
import { sourceStack } from './source-stack.mjs';

register('../support/typescript-hooks.mjs', import.meta.url);
register('./jest-globals-hooks.mjs', import.meta.url);
process.setSourceMapsEnabled(true);

const require = createRequire(import.meta.url);
const asyncHooks = require('node:async_hooks');
const { default: runByCircus } = require('jest-circus/runner');
const { measureSlowness } = await import('../support/time-limits.ts');
const slownessAtStart = Number(process.env.TEST_SLOWNESS ?? 1);
let files = 0;

export default function runFile(globalConfig, config, environment, _runtime, path, report) {
  process.env.TEST_SLOWNESS = String(Math.max(slownessAtStart, measureSlowness(5)));
  // Jest's own knows only the source maps of what Jest has compiled.
  Error.prepareStackTrace = sourceStack;
  environment.handleTestEvent = scaleTimeLimits;
  const measured = measureCosts(path);
  const runtime = nativeRuntime(++files, environment.moduleMocker);
  return runByCircus(globalConfig, config, environment, runtime, path, report).finally(() => {
    for (const context of contexts.splice(0)) context.disable();
    measured();
  });
}

/** The limits of tests and hooks, as their files and jest.config.js give them, for this machine. */
function scaleTimeLimits({ name }, state) {
  if (name !== 'run_start') return;
  const slowness = Number(process.env.TEST_SLOWNESS ?? 1);
  state.testTimeout *= slowness;
  const scale = ({ hooks, tests, children }) => {
    for (const limited of [...hooks, ...tests]) {
      if (limited.timeout !== undefined) limited.timeout *= slowness;
    }
    children.filter(({ type }) => type === 'describeBlock').forEach(scale);
  };
  scale(state.rootDescribeBlock);
}

/** What jest-circus asks of a runtime. */
function nativeRuntime(file, jest) {
  return {
    requireInternalModule: requireAnew,
    requireModule: require,
    setGlobalsForRuntime: (globals) => {
      globalThis[Symbol.for('jest-globals')] = { ...globals, jest };
    },
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (path) => import(`${pathToFileURL(path)}?file=${file}`),
    enterTestCode: () => {},
    leaveTestCode: () => {},
  };
}

const { AsyncLocalStorage } = asyncHooks;
const contexts = [];

class FoundContext extends AsyncLocalStorage {
  constructor(...options) {
    super(...options);
    contexts.push(this);
  }
}

/**
 * jest-circus keeps the tests of a file in its module and its listeners in a global. Of each evaluation
 * there is an AsyncLocalStorage, and Node goes through all of them whenever a promise is made: after a
 * hundred files that took a quarter of the time.
 */
function requireAnew(path) {
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  delete require.cache[path];
  asyncHooks.AsyncLocalStorage = FoundContext;
  try {
    return require(path);
  } finally {
    asyncHooks.AsyncLocalStorage = AsyncLocalStorage;
  }
}
