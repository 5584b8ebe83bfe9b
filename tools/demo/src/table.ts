/** One line of the story: what was done, what the source says must follow, what was seen. */
export interface Line {
  what: string;
  expected: string;
  seen: string;
}

/** A chapter of the story, told by its lines. */
export interface Chapter {
  title: string;
  lines: Line[];
}

const WIDTHS = { what: 44, expected: 58 } as const;

/** A line holds when exactly what was expected was seen. */
export function holds(line: Line): boolean {
  return line.expected === line.seen;
}

/** The chapter as a table for a terminal; a line that does not hold shows what was seen instead. */
export function formatChapter(chapter: Chapter): string {
  const rows = chapter.lines.map((line) => {
    const mark = holds(line) ? 'ok  ' : 'FAIL';
    const row = `  ${mark} ${fit(line.what, WIDTHS.what)}  ${fit(line.expected, WIDTHS.expected)}`.trimEnd();
    return holds(line) ? row : `${row}\n       ${' '.repeat(WIDTHS.what)}  seen: ${line.seen}`;
  });
  return `\n${chapter.title}\n${rows.join('\n')}\n`;
}

/** Pads short texts and lets long ones run over, so that nothing is cut out of a check. */
function fit(text: string, width: number): string {
  return text.padEnd(width);
}
