import { randomFillSync } from 'node:crypto';
import { LENGTHS } from './sealed-format';

const NONCES = 256;

/**
 * Random nonces, drawn from the system 256 at a time: one draw costs about a fifth of sealing a short value,
 * and it costs the same for one nonce as for many.
 */
export class NoncePool {
  private readonly pool = Buffer.alloc(NONCES * LENGTHS.nonce);
  private used = this.pool.length;

  /** The next nonce, never given before; a view that is valid until the next call. */
  next(): Uint8Array {
    if (this.used === this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const nonce = this.pool.subarray(this.used, this.used + LENGTHS.nonce);
    this.used += LENGTHS.nonce;
    return nonce;
  }
}
