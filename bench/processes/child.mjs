import { register } from 'node:module';

register('../../scripts/typescript/hooks.mjs', import.meta.url);
register('./built-code.mjs', import.meta.url);

// A benchmark that was killed leaves no process behind.
process.once('disconnect', () => process.exit());

await import(process.argv[2]);
