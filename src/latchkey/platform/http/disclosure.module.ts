import { Global, Module } from '@nestjs/common';
import { Disclosure } from './disclosure.js';

@Global()
@Module({ providers: [Disclosure], exports: [Disclosure] })
export class DisclosureModule {}
