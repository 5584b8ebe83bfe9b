import { Socket } from 'node:net';

/**
 * A socket for `pg` that gives up a server which fell silent. A frozen server or a cut network ends no connection, and
 * without this a statement waits until the kernel gives up sending, a quarter of an hour later.
 *
 * @param silenceMs milliseconds without a byte in either direction after which the connection ends with `ETIMEDOUT`
 */
export function openWatchedSocket(silenceMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(silenceMs, () => {
    socket.destroy(Object.assign(new Error('the store is silent'), { code: 'ETIMEDOUT' }));
  });
}
