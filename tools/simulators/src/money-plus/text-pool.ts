/** Keeps each different text once and names it by a number; 0 is null. */
export class TextPool {
  private readonly numbers = new Map<string, number>();
  private readonly texts: (string | null)[] = [null];

  /** The number of a text. */
  put(text: string | null): number {
    if (text === null) return 0;
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.numbers.set(text, number);
    }
    return number;
  }

  /** The text of a number that `put` gave. */
  get(number: number): string | null {
    return this.texts[number] ?? null;
  }
}
