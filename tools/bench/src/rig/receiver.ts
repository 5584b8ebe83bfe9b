import { SimulatorClient, type ReceivedRequest } from '@kyc-relay/simulators';
import type { Rig } from './rig';
import type { RunningProgram } from './node-process';

const WAIT_MS = 600_000;

/** The simulated Money+ as it is made for throughput: it verifies both signatures and answers at once. */
export class Receiver {
  private constructor(
    readonly program: RunningProgram,
    /** Where the business's callbacks go; it can be shut while the main port stays open. */
    readonly url: string,
    private readonly client: SimulatorClient,
    private readonly endpointId: string,
  ) {}

  static async start(rig: Rig): Promise<Receiver> {
    const program = await rig.startReceiver();
    const client = new SimulatorClient(program.url);
    const endpoint = await client.openEndpoint();
    return new Receiver(program, endpoint.url, client, endpoint.id);
  }

  /** Refuses connections from now on. */
  async goDown(): Promise<void> {
    await this.client.refuse(this.endpointId);
  }

  /** Accepts them again. */
  async comeUp(): Promise<void> {
    await this.client.accept(this.endpointId);
  }

  /** Waits for so many callbacks since the last `take`. */
  async settle(count: number): Promise<void> {
    await this.client.waitForCount({ count, timeout_ms: WAIT_MS });
  }

  /** Waits for so many callbacks since the last `take`, returns them in order of arrival, and forgets them. */
  async take(count: number): Promise<ReceivedRequest[]> {
    await this.settle(count);
    const received = await this.client.received();
    await this.client.clearReceived();
    return received;
  }

  /** @throws Error when what was received was not signed, ordered and whole, or not `events` events once each */
  async requireGood(events: number): Promise<void> {
    const report = await this.client.check();
    const bad = report.invalid_signatures.length + report.order_violations.length + report.unversioned.length;
    if (bad > 0 || report.repeated_successes.length > 0 || report.delivered !== events)
      throw new Error(
        `callbacks are not right: ${report.delivered} of ${events} delivered, ${bad} bad, ` +
          `${report.repeated_successes.length} repeated`,
      );
  }

  /** Forgets what was received. */
  async clear(): Promise<void> {
    await this.client.clearReceived();
  }
}
