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

/** Where the controller gets its store from. */
export const STORE = 'STORE';
/** As many as a service of ours has. */
export const CONNECTIONS = 10;

/** The store of a controller, and how to end it. */
export interface BareStore {
  value: unknown;
  close: () => Promise<void>;
}

/** A pool of Postgres connections. */
export function openPool(connectionString: string): BareStore {
  const pool = new Pool({ connectionString, max: CONNECTIONS });
  return {
    value: pool,
    close: async () => {
      await pool.end();
    },
  };
}

/**
 * Runs what an edge is measured against: a controller of Nest on fastify with connections to Postgres, and nothing else: no
 * signature, no log, no metrics, no limits, no history, no outbox.
 */
export async function runBare(
  controller: Type,
  open: (connectionString: string) => BareStore | Promise<BareStore> = openPool,
): Promise<void> {
  const { DATABASE_URL: connectionString = '', HOST: host = '127.0.0.1', PORT: port = '0' } = process.env;
  const store = await open(connectionString);
  @Module({
    controllers: [controller, ReadyController],
    providers: [{ provide: STORE, useValue: store.value }],
  })
  class BareModule {}
  const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), {
    logger: ['error'],
  });
  process.once('SIGTERM', () => {
    void app.close().then(async () => {
      await store.close();
    });
  });
  await app.listen(Number(port), host);
}
