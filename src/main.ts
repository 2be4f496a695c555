import { AppModule } from './app.module.js';
import { serve } from './latchkey/boot/serve.js';

await serve(AppModule);
