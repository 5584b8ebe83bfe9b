import { newEventId, uuidv7 } from './uuid-v7';

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('uuidv7', () => {
  it('gives the example of RFC 9562', () => {
    // Appendix A.6: time 0x017F22E279B0, rand_a 0xCC3, rand_b 0b01 and 0x8C4DC0C0C07398F.
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuidv7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it.each([0, 1, 1_666_752_863_000, 2 ** 48 - 1])(
    'has version and variant whatever the random bits, at %d ms',
    (ms) => {
      expect(uuidv7(ms, new Uint8Array(10))).toMatch(V7);
      expect(uuidv7(ms, new Uint8Array(10).fill(255))).toMatch(V7);
    },
  );

  it('sorts as text by time', () => {
    const ids = [1, 255, 256, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40].map((ms) =>
      uuidv7(ms, new Uint8Array(10)),
    );
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('newEventId', () => {
  it('never repeats, also over a refill of its random bytes', () => {
    const ids = Array.from({ length: 5000 }, newEventId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(V7);
  });
});
