import type { Logger } from '@kyc-relay/telemetry';

/** Kubernetes and the supervisor wait 10 s for an end; what hangs longer is cut. */
const STOP_LIMIT_MS = 9_500;

/** Ends the process by `stop` on SIGTERM or SIGINT, once, and within 10 s. */
export function stopOnSignals(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const end = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.error('stop took too long');
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
