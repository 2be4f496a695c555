import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { OrdersModule } from './orders.module.js';

const app = await NestFactory.create(OrdersModule, new FastifyAdapter());
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3001, '127.0.0.1');
process.stdout.write(`The orders service serves ${await app.getUrl()}\n`);
