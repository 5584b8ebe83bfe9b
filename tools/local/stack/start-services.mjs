import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { together } from '../process/run.mjs';
import { listServices, SIMULATORS } from '../services.mjs';
import { keepDataKeys } from './data-keys.mjs';
import { ACQUIRER_ACCESSID, makeRegistry, makeSecrets } from './registry.mjs';
import { writeAtomically } from './stack-file.mjs';
import { startNodeProcess } from './start-node-process.mjs';
import { createTokens, hashTokens } from './tokens.mjs';

/** How much memory a service may fill with garbage (ADR 10); the image's command says the same. */
const SERVICE_NODE_ARGS = JSON.parse(readFileSync(new URL('./node-args.json', import.meta.url), 'utf8'));

/**
 * Starts all replicas of all services, and the simulators where asked for, and waits until they are ready.
 *
 * @param {object} needs
 * @param {import('./arguments.mjs').StartOptions} needs.options
 * @param {import('../infrastructure.mjs').Infrastructure} needs.infrastructure
 * @param {import('../process/ports.mjs').Ports} needs.ports
 * @param {import('../process/run.mjs').Run} run
 */
export async function startServices({ options, infrastructure, ports }, run) {
  const secrets = makeSecrets();
  const simulatorsPort = options.simulators ? await ports.take() : undefined;
  // Money+ listens on a port of its own, so that it can refuse connections while its control API goes on.
  const moneyPlusPort = options.simulators ? await ports.take() : undefined;
  const tokens = createTokens();
  const registry = options.registry ?? writeRegistry({ secrets, moneyPlusPort, simulatorsPort }, run);
  const shared = serviceSettings({ options, infrastructure, tokens, registry }, run);

  const replicas = [];
  for (const service of listServices())
    for (let number = 1; number <= options.replicas; number += 1)
      replicas.push({
        ...service,
        service: service.name,
        name: `${service.name}-${number}`,
        port: await ports.take(),
      });

  const [simulators, ...started] = await together(run, [
    simulatorsPort === undefined
      ? Promise.resolve(undefined)
      : startNodeProcess(
          {
            ...SIMULATORS,
            port: simulatorsPort,
            env: simulatorSettings({ infrastructure, tokens, secrets, replicas, moneyPlusPort }),
          },
          run,
        ),
    ...replicas.map(async (replica) => ({
      ...(await startNodeProcess(
        { ...replica, env: { ...shared, REPLICA_ID: replica.name }, nodeArgs: SERVICE_NODE_ARGS },
        run,
      )),
      service: replica.service,
    })),
  ]);
  /** @type {Map<string, (typeof started)>} */
  const services = new Map();
  for (const one of started) services.set(one.service, [...(services.get(one.service) ?? []), one]);
  return { tokens, services, simulators, registry };
}

/**
 * The settings that all services share. What the caller has in the environment reaches them too, below what the stack
 * itself decides; `--env` stands above all.
 *
 * @param {object} needs
 * @param {import('./arguments.mjs').StartOptions} needs.options
 * @param {import('../infrastructure.mjs').Infrastructure} needs.infrastructure
 * @param {ReturnType<typeof createTokens>} needs.tokens
 * @param {string} needs.registry
 * @param {import('../process/run.mjs').Run} run
 * @returns {NodeJS.ProcessEnv}
 */
function serviceSettings({ options, infrastructure, tokens, registry }, run) {
  const tokensFile = join(run.directory, 'api-tokens.json');
  writeAtomically(tokensFile, hashTokens(tokens));
  return {
    DATA_KEYS: keepDataKeys(run.directory),
    LOG_LEVEL: 'info',
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: infrastructure.postgres.address,
    KAFKA_BROKERS: infrastructure.kafka.address.join(','),
    PARTNER_REGISTRY_FILE: registry,
    API_TOKENS_FILE: tokensFile,
    ...options.env,
  };
}

/**
 * Makes the registry of a run that was given none.
 *
 * @param {{ secrets: import('./registry.mjs').PartnerSecrets, moneyPlusPort: number | undefined, simulatorsPort: number | undefined }} partners
 * @param {import('../process/run.mjs').Run} run
 * @returns {string} its path
 */
function writeRegistry({ secrets, moneyPlusPort, simulatorsPort }, run) {
  const file = join(run.directory, 'registry.json');
  const urlOf = (/** @type {number | undefined} */ port) =>
    port === undefined ? undefined : `http://127.0.0.1:${port}`;
  writeAtomically(
    file,
    makeRegistry({ secrets, moneyPlusUrl: urlOf(moneyPlusPort), simulatorsUrl: urlOf(simulatorsPort) }),
  );
  run.say(`partner registry: ${file}`);
  return file;
}

/**
 * @param {object} needs
 * @param {import('../infrastructure.mjs').Infrastructure} needs.infrastructure
 * @param {ReturnType<typeof createTokens>} needs.tokens
 * @param {import('./registry.mjs').PartnerSecrets} needs.secrets
 * @param {number | undefined} needs.moneyPlusPort
 * @param {{ service: string, port: number }[]} needs.replicas
 * @returns {NodeJS.ProcessEnv}
 */
function simulatorSettings({ infrastructure, tokens, secrets, replicas, moneyPlusPort }) {
  const publisher = replicas.find(({ service }) => service === 'kyc-status-publisher');
  const reviews = replicas.find(({ service }) => service === 'review-notify-ingest');
  return {
    ...process.env,
    KAFKA_BROKERS: infrastructure.kafka.address.join(','),
    MONEY_PLUS_SECRETS: secrets.business,
    ACQUIRER_ACCESSID,
    ACQUIRER_KEYS: secrets.acquirer,
    REVIEW_SALT: secrets.institution,
    MONEY_PLUS_PORT: String(moneyPlusPort ?? 0),
    PUBLISHER_TOKEN: tokens.publisher,
    ...(publisher && { KYC_EVENTS_URL: `http://127.0.0.1:${publisher.port}` }),
    ...(reviews && { REVIEW_NOTIFY_URL: `http://127.0.0.1:${reviews.port}/v1/notify/reviews` }),
  };
}
