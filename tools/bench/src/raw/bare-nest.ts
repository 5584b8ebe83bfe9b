import 'reflect-metadata';
import { Controller, Get, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';

@Controller('readyz')
class ReadyController {
  @Get()
  ready(): string {
    return 'ready';
  }
}

/** Where the controller gets its pool from. */
export const STORE = 'STORE';
/** As many as a service of ours has. */
const CONNECTIONS = 10;

/**
 * Runs what an edge is measured against: a controller of Nest on fastify with a pool of Postgres connections, and nothing
 * else: no signature, no log, no metrics, no limits, no history, no outbox.
 */
export async function runBare(controller: Type): Promise<void> {
  const { DATABASE_URL: connectionString, HOST: host = '127.0.0.1', PORT: port = '0' } = process.env;
  const pool = new Pool({ connectionString, max: CONNECTIONS });
  @Module({
    controllers: [controller, ReadyController],
    providers: [{ provide: STORE, useValue: pool }],
  })
  class BareModule {}
  const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), {
    logger: ['error'],
  });
  process.once('SIGTERM', () => {
    void app.close().then(async () => {
      await pool.end();
    });
  });
  await app.listen(Number(port), host);
}
