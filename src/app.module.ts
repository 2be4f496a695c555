import { Module } from '@nestjs/common';
import { LatchkeyModule } from './latchkey/index.js';

/** Your application: Latchkey and your own feature modules. */
@Module({ imports: [LatchkeyModule] })
export class AppModule {}
