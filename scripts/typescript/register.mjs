import { register } from 'node:module';

/** `node --import ./scripts/typescript/register.mjs`: from here on TypeScript can be imported as it is. */
register('./hooks.mjs', import.meta.url);
process.setSourceMapsEnabled(true);
