import { Module } from '@nestjs/common';
import { PlatformModule } from './platform.module.js';

/** Your application: Latchkey and your own feature modules. */
@Module({ imports: [PlatformModule] })
export class AppModule {}
