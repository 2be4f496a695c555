import { AppModule } from './app.module.js';
import { serve } from './latchkey/index.js';

await serve(AppModule);
