import { seedUsers } from '../workload/users';
import { MemoryWatch } from './meter';
import type { RunningProgram } from './node-process';
import { Receiver } from './receiver';
import type { Rig } from './rig';

/** All that is between an upstream event and its callback, and the receiver. */
export interface Chain {
  publisher: RunningProgram;
  callback: RunningProgram;
  receiver: Receiver;
  /** For a meter: all processes but the generator's. */
  watched: Record<string, number | undefined>;
  memory: MemoryWatch;
}

/** Makes the users and starts the services and the receiver. */
export async function startChain(rig: Rig): Promise<Chain> {
  await seedUsers(rig.pool);
  const receiver = await Receiver.start(rig);
  const env = { PARTNER_REGISTRY_FILE: rig.writeRegistry(receiver.url) };
  const publisher = await rig.startService('kyc-status-publisher', env);
  const callback = await rig.startService('money-plus-callback', env);
  return {
    publisher,
    callback,
    receiver,
    watched: {
      'kyc-status-publisher': publisher.pid,
      'money-plus-callback': callback.pid,
      postgres: rig.around.postgresPid,
      kafka: rig.around.kafkaPid,
      receiver: receiver.program.pid,
    },
    memory: new MemoryWatch({
      [publisher.name]: publisher.pid,
      [callback.name]: callback.pid,
    }),
  };
}
