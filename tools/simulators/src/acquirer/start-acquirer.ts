import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Acquirer, ACQUIRER_PATH, type AcquirerAccount } from './acquirer';

/** An acquirer that listens. */
export interface RunningAcquirer {
  acquirer: Acquirer;
  /** Its query. */
  url: string;
  close: () => Promise<void>;
}

/** Starts an acquirer on a port of its own, for tests that hold it in their hands. */
export async function startAcquirer(account: AcquirerAccount, port = 0): Promise<RunningAcquirer> {
  const acquirer = new Acquirer(account);
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    void acquirer.handle(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    acquirer,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${ACQUIRER_PATH}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
