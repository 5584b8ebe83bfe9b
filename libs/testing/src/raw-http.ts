import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  /** 0 where the connection ended without an answer. */
  status: number;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: string;
}

/**
 * Writes bytes to an HTTP server over a connection of its own, for what no HTTP client would send, and reads until the
 * server ends the connection. Our half stays open.
 *
 * @param url where the server listens; the path does not matter
 */
export async function exchangeRaw(url: string, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  // A reset ends the exchange like any other end.
  socket.on('error', () => undefined);
  for (const part of parts) socket.write(part);
  await new Promise<void>((resolve) =>
    socket.once('close', () => {
      resolve();
    }),
  );
  return parseAnswer(Buffer.concat(received).toString('latin1'));
}

function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: rest.join('\r\n\r\n'),
  };
}
