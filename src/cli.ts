import { AppModule } from './app.module.js';
import { runCommand } from './commands/run-command.js';
import { createContext } from './create-app.js';

await runCommand(process.argv.slice(2), AppModule, createContext);
