import { AppModule } from './app.module.js';
import { createContext } from './latchkey/boot/create-app.js';
import { runCommand } from './latchkey/operations/cli/run-command.js';

await runCommand(process.argv.slice(2), AppModule, createContext);
