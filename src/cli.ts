import { AppModule } from './app.module.js';
import { createContext, runCommand } from './latchkey/index.js';

await runCommand(process.argv.slice(2), AppModule, createContext);
