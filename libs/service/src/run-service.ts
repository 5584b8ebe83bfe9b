import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ConfigError,
  loadConfig,
  RegistryError,
  type ConfigClass,
  type PartnerServiceConfig,
} from '@kyc-relay/config';
import {
  createHttpApp,
  stopOnSignals,
  type BodyLimit,
  type ErrorEnvelope,
  type OpenApiDocument,
} from '@kyc-relay/http';
import { RunningService } from './running-service';
import { createServiceParts, type ServiceDescription, type ServiceParts } from './service-parts';

/** A worker of a service beside its edges, such as a delivery engine. */
export interface Worker {
  start(): Promise<void>;
  /** Ends within 10 s; what is in work is committed or given back. */
  stop(): Promise<void>;
}

/** What makes a service more than its parts. */
export interface ServiceDefinition<C extends PartnerServiceConfig> {
  description: ServiceDescription;
  config: ConfigClass<C>;
  /** All wiring of the app. */
  module: (parts: ServiceParts, config: C) => DynamicModule;
  /** How errors of partners' paths are told. */
  envelopes?: readonly ErrorEnvelope[];
  /** What `/openapi.json` answers. */
  openapi?: OpenApiDocument;
  /** Routes that take a smaller body than others. */
  limits?: readonly BodyLimit[];
  /** Workers, found in the application or made of the service's parts. */
  workers?: (app: NestFastifyApplication, parts: ServiceParts, config: C) => Worker[];
}

/** A service that is made, but neither listens nor is connected to anything. */
export interface AssembledService<C extends PartnerServiceConfig> {
  config: C;
  parts: ServiceParts;
  app: NestFastifyApplication;
  workers: Worker[];
}

/**
 * Makes a service out of its definition.
 * @throws ConfigError, RegistryError
 */
export async function assembleService<C extends PartnerServiceConfig>(
  definition: ServiceDefinition<C>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<AssembledService<C>> {
  const config = loadConfig(definition.config, env);
  const parts = await createServiceParts(definition.description, config);
  const app = await createHttpApp(definition.module(parts, config), {
    logger: parts.logger,
    metrics: parts.metrics,
    tracing: parts.tracing,
    envelopes: definition.envelopes ?? [],
    limits: definition.limits ?? [],
    openapi: definition.openapi,
  });
  return { config, parts, app, workers: definition.workers?.(app, parts, config) ?? [] };
}

/**
 * Runs a service until SIGTERM or SIGINT.
 */
export async function runService<C extends PartnerServiceConfig>(
  definition: ServiceDefinition<C>,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    await start(definition, env);
  } catch (error) {
    // These two are for people: every problem on a line of its own, and no stack.
    const isForPeople = error instanceof ConfigError || error instanceof RegistryError;
    process.stderr.write(`${isForPeople ? error.message : String((error as Error).stack)}\n`);
    process.exit(1);
  }
}

async function start<C extends PartnerServiceConfig>(
  definition: ServiceDefinition<C>,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const service = await assembleService(definition, env);
  const running = new RunningService(service);
  // Before the start, which may wait for the store: a signal ends that too.
  stopOnSignals(service.parts.logger, async () => {
    await running.stop();
  });
  await running.start();
}
