import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Cleanup } from './cleanup';

/** A way to a server that can stop carrying anything without ending a connection, as a cut network does. */
export interface Wire {
  /** The server's URL by this way. */
  url: string;
  cut(): void;
  mend(): void;
}

/**
 * Opens a way to the server of a URL.
 * @param change what becomes of bytes that the server sends; nothing unless given
 */
export async function openWire(
  cleanup: Cleanup,
  url: string,
  change: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<Wire> {
  const target = new URL(url);
  const sockets: Socket[] = [];
  let isCut = false;
  const carry = (from: Socket, to: Socket, alter = (bytes: Buffer) => bytes): void => {
    sockets.push(from);
    from
      .on('data', (bytes) => {
        if (!isCut) to.write(alter(bytes));
      })
      .on('error', () => undefined)
      .on('close', () => to.destroy());
  };
  const server = createServer((near) => {
    const far = createConnection(Number(target.port), target.hostname);
    carry(near, far);
    carry(far, near, change);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const way = new URL(url);
  way.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: way.href,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
    },
  };
}
