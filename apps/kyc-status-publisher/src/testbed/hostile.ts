/** Bad input of every shape, the same for the same source of random numbers. */
export class Hostile {
  constructor(private readonly random: () => number) {}

  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)] as T;
  }

  maybe(probability: number): boolean {
    return this.random() < probability;
  }

  /** A text that somebody might choke on. */
  text(): string {
    return this.pick([
      '',
      ' ',
      '0',
      'a\0b',
      '\ud800',
      '\udfff\ud800',
      '😀',
      '\u2028',
      `'; drop table kyc.users; --`,
      '%s%n%x',
      '../../../etc/passwd',
      '<script>',
      '${jndi:ldap://x}',
      '__proto__',
      'constructor',
      'x'.repeat(Math.floor(this.random() * 3_000)),
      String(Math.floor(this.random() * 1e12)),
      'NaN',
      'MONEY_PLUS',
      'kyc.case.submitted',
      '2022-02-30T25:61:61Z',
    ]);
  }

  /** Any JSON value, of any depth up to a limit. */
  value(depth = 0): unknown {
    const kind = Math.floor(this.random() * (depth > 6 ? 6 : 9));
    switch (kind) {
      case 0:
        return null;
      case 1:
        return this.maybe(0.5);
      case 2:
        return this.pick([0, -1, 1.5, 1e308, -0, 300, 2 ** 53, Number.MAX_SAFE_INTEGER]);
      case 3:
      case 4:
      case 5:
        return this.text();
      case 6:
        return Array.from({ length: Math.floor(this.random() * 6) }, () => this.value(depth + 1));
      case 7:
        return this.nest(Math.floor(this.random() * 200));
      default:
        return Object.fromEntries(
          Array.from({ length: Math.floor(this.random() * 6) }, () => [this.text(), this.value(depth + 1)]),
        );
    }
  }

  /** A good value with something of it replaced, left out or added. */
  spoil(good: object): unknown {
    const copy = structuredClone(good) as Record<string, unknown>;
    let at = copy;
    for (;;) {
      const names = Object.keys(at);
      const name = this.pick(names);
      const inner = at[name];
      if (typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && this.maybe(0.6)) {
        at = inner as Record<string, unknown>;
        continue;
      }
      const deed = Math.floor(this.random() * 3);
      if (deed === 0) at[name] = this.value();
      else if (deed === 1) Reflect.deleteProperty(at, name);
      else
        Object.defineProperty(at, this.text(), { value: this.value(), enumerable: true, configurable: true });
      return copy;
    }
  }

  /** A body: a spoilt good one, any JSON, broken JSON or plain bytes. */
  body(good: object): Buffer {
    const kind = this.random();
    if (kind < 0.5) return Buffer.from(JSON.stringify(this.spoil(good)));
    if (kind < 0.7) return Buffer.from(JSON.stringify(this.value()));
    const bytes =
      kind < 0.9 ? Buffer.from(JSON.stringify(good)) : Buffer.alloc(Math.floor(this.random() * 500));
    for (let flips = Math.floor(this.random() * 8) + 1; flips > 0 && bytes.length > 0; flips -= 1)
      bytes[Math.floor(this.random() * bytes.length)] = Math.floor(this.random() * 256);
    return kind < 0.8 ? bytes.subarray(0, Math.floor(this.random() * bytes.length)) : bytes;
  }

  /** A value of a header, as far as a client can send it. */
  header(): string {
    return this.text()
      .replace(/[^\x20-\x7e]/g, '?')
      .trim();
  }

  private nest(depth: number): unknown {
    let value: unknown = 0;
    for (let level = 0; level < depth; level += 1) value = this.maybe(0.5) ? [value] : { a: value };
    return value;
  }
}
