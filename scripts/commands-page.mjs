// docs/commands.md: the commands of Latchkey alone, whatever features are beside it.
const { COMMANDS } = await import('../dist/latchkey/operations/cli/commands.js');
const { commandsPage } = await import('../dist/latchkey/operations/cli/commands-page.js');
process.stdout.write(commandsPage(COMMANDS));
