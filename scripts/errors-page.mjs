// docs/errors.md: the errors of Latchkey alone, whatever features are beside it.
await import('../dist/latchkey/latchkey.module.js');
const { errorCatalogue } = await import('../dist/latchkey/platform/errors/error-catalogue.js');
process.stdout.write(errorCatalogue());
