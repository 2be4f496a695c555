import { register } from 'node:module';

// The benchmark is TypeScript, compiled as the tests are.
register('../scripts/typescript/hooks.mjs', import.meta.url);

const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
