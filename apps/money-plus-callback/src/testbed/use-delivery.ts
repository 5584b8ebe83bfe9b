import { useCleanup } from '@kyc-relay/testing';
import { DeliveryBed } from './delivery-bed';
import { Receiver } from './receiver';

/** What a delivery test works with. */
export interface DeliveryWorld {
  /** One a file, without tasks and replicas at the begin of each test. */
  bed: DeliveryBed;
  /** A new one for each test. */
  receiver: Receiver;
}

/** Call it in a `describe`: before each test it hands out the bed and a receiver, which it takes back. */
export function useDelivery(handOut: (world: DeliveryWorld) => void): void {
  const cleanup = useCleanup();
  let bed: DeliveryBed;
  let receiver: Receiver;
  beforeAll(async () => {
    bed = await DeliveryBed.open(cleanup);
  });
  beforeEach(async () => {
    receiver = await new Receiver().open();
    handOut({ bed, receiver });
  });
  afterEach(async () => {
    await bed.reset();
    await receiver.shut();
  });
}
