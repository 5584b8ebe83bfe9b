import type { Arrival, Ending, ReceivedRequest, RequestKind } from './received-request';
import type { SignatureVerdict } from './signature-check';
import { TextPool } from './text-pool';

const ROWS = 16_384;
const LONGEST_TEXT = 256;
/** shopee_uid, event_id, webhook_id: the texts that differ from row to row. */
const TEXTS = 3;

/** Rows as columns of plain numbers and bytes: a million records cost the garbage collector nothing to walk. */
class Chunk {
  readonly arrivedAt = new Float64Array(ROWS);
  readonly endedAt = new Float64Array(ROWS);
  readonly relayVersion = new Float64Array(ROWS);
  readonly bodyBytes = new Uint32Array(ROWS);
  readonly bytesWritten = new Float64Array(ROWS);
  readonly attempt = new Uint32Array(ROWS);
  readonly method = new Uint32Array(ROWS);
  readonly path = new Uint32Array(ROWS);
  readonly kind = new Uint32Array(ROWS);
  readonly bizId = new Uint32Array(ROWS);
  readonly signature = new Uint32Array(ROWS);
  readonly behaviour = new Uint32Array(ROWS);
  readonly rule = new Uint32Array(ROWS);
  readonly status = new Uint16Array(ROWS);
  readonly flags = new Uint8Array(ROWS);
  readonly hashes = Buffer.alloc(ROWS * 32);
  readonly textEnds = new Uint32Array(ROWS * TEXTS);
  texts = Buffer.allocUnsafe(ROWS * 64);
  textsUsed = 0;

  /** Appends a text; null and '' are kept as nothing. */
  writeText(slot: number, text: string | null): void {
    if (text !== null) {
      const short = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
      const most = this.textsUsed + short.length * 3;
      if (most > this.texts.length) {
        const larger = Buffer.allocUnsafe(Math.max(most, this.texts.length * 2));
        this.texts.copy(larger, 0, 0, this.textsUsed);
        this.texts = larger;
      }
      this.textsUsed += this.texts.write(short, this.textsUsed, 'utf8');
    }
    this.textEnds[slot] = this.textsUsed;
  }

  /** Text of a slot, null where nothing was kept. */
  readText(slot: number): string | null {
    const start = slot === 0 ? 0 : at(this.textEnds, slot - 1);
    const end = at(this.textEnds, slot);
    return start === end ? null : this.texts.toString('utf8', start, end);
  }
}

const COMPLETE = 1;
const ENDED = 2;
const SUCCESS = 4;
const WHOLLY = 8;

/** All requests received, in order of arrival, in memory. */
export class Journal {
  private readonly chunks = new Map<number, Chunk>();
  private readonly pool = new TextPool();
  private readonly whole = new Map<number, Pick<Arrival, 'body' | 'headers'>>();
  /** Index of the first request kept. */
  first = 0;
  /** Index that the next request will get. */
  next = 0;

  /** Records an arrival and returns its index. */
  append(arrival: Arrival): number {
    const index = this.next;
    this.next += 1;
    const row = index % ROWS;
    const chunk = this.chunkFor(index);
    chunk.arrivedAt[row] = arrival.arrived_at;
    chunk.relayVersion[row] = arrival.relay_version ?? NaN;
    chunk.bodyBytes[row] = arrival.body_bytes;
    chunk.attempt[row] = arrival.attempt ?? 0;
    chunk.method[row] = this.pool.put(arrival.method);
    chunk.path[row] = this.pool.put(arrival.path);
    chunk.kind[row] = this.pool.put(arrival.kind);
    chunk.bizId[row] = this.pool.put(arrival.biz_id);
    chunk.signature[row] = this.pool.put(arrival.signature);
    chunk.behaviour[row] = this.pool.put(arrival.behaviour);
    chunk.rule[row] = this.pool.put(arrival.rule);
    chunk.flags[row] = arrival.body_complete ? COMPLETE : 0;
    chunk.hashes.write(arrival.body_sha256, row * 32, 'hex');
    chunk.writeText(row * TEXTS, arrival.shopee_uid);
    chunk.writeText(row * TEXTS + 1, arrival.event_id);
    chunk.writeText(row * TEXTS + 2, arrival.webhook_id);
    if (arrival.body !== undefined || arrival.headers !== undefined) this.whole.set(index, wholeOf(arrival));
    return index;
  }

  /** Records how a request ended; nothing when it was cleared meanwhile. */
  end(index: number, ending: Ending, endedAt: number): void {
    const chunk = index < this.first ? undefined : this.chunks.get(Math.floor(index / ROWS));
    if (chunk === undefined) return;
    const row = index % ROWS;
    chunk.endedAt[row] = endedAt;
    chunk.status[row] = ending.status ?? 0;
    chunk.bytesWritten[row] = ending.bytes_written;
    chunk.flags[row] =
      at(chunk.flags, row) | ENDED | (ending.success ? SUCCESS : 0) | (ending.answered_wholly ? WHOLLY : 0);
  }

  /** The request of an index that is kept. */
  get(index: number): ReceivedRequest {
    const chunk = this.chunkFor(index);
    const row = index % ROWS;
    const flags = at(chunk.flags, row);
    const ended = (flags & ENDED) !== 0;
    const version = at(chunk.relayVersion, row);
    return {
      index,
      arrived_at: at(chunk.arrivedAt, row),
      method: this.pool.get(at(chunk.method, row)) ?? '',
      path: this.pool.get(at(chunk.path, row)) ?? '',
      kind: this.pool.get(at(chunk.kind, row)) as RequestKind,
      biz_id: this.pool.get(at(chunk.bizId, row)),
      shopee_uid: chunk.readText(row * TEXTS),
      event_id: chunk.readText(row * TEXTS + 1),
      webhook_id: chunk.readText(row * TEXTS + 2),
      relay_version: Number.isNaN(version) ? null : version,
      attempt: at(chunk.attempt, row) || null,
      body_bytes: at(chunk.bodyBytes, row),
      body_sha256: chunk.hashes.toString('hex', row * 32, row * 32 + 32),
      body_complete: (flags & COMPLETE) !== 0,
      ...this.whole.get(index),
      signature: this.pool.get(at(chunk.signature, row)) as SignatureVerdict,
      behaviour: this.pool.get(at(chunk.behaviour, row)) ?? '',
      rule: this.pool.get(at(chunk.rule, row)),
      status: ended ? at(chunk.status, row) || null : null,
      success: ended ? (flags & SUCCESS) !== 0 : null,
      answered_wholly: ended ? (flags & WHOLLY) !== 0 : null,
      bytes_written: ended ? at(chunk.bytesWritten, row) : null,
      ended_at: ended ? at(chunk.endedAt, row) : null,
    };
  }

  /** Requests from an index on, in order of arrival. */
  *from(index: number): Generator<ReceivedRequest> {
    for (let at = Math.max(index, this.first); at < this.next; at += 1) yield this.get(at);
  }

  /** Forgets all requests; the numbering goes on, so that an index never means two requests. */
  clear(): void {
    this.chunks.clear();
    this.whole.clear();
    this.first = this.next;
  }

  private chunkFor(index: number): Chunk {
    const number = Math.floor(index / ROWS);
    let chunk = this.chunks.get(number);
    if (chunk === undefined) {
      chunk = new Chunk();
      this.chunks.set(number, chunk);
    }
    return chunk;
  }
}

function wholeOf(arrival: Arrival): Pick<Arrival, 'body' | 'headers'> {
  return {
    ...(arrival.body === undefined ? {} : { body: arrival.body }),
    ...(arrival.headers === undefined ? {} : { headers: arrival.headers }),
  };
}

function at(column: Float64Array | Uint32Array | Uint16Array | Uint8Array, row: number): number {
  return column[row] ?? 0;
}
