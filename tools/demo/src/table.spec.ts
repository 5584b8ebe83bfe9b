import { formatChapter, holds } from './table';

describe('a line of the story', () => {
  it('holds only when exactly the expected was seen', () => {
    expect(holds({ what: 'a', expected: '3 300 true', seen: '3 300 true' })).toBe(true);
    expect(holds({ what: 'a', expected: '3 300 true', seen: '3 300 true ' })).toBe(false);
  });

  it('shows what was seen when it does not hold', () => {
    const text = formatChapter({ title: 'T', lines: [{ what: 'a', expected: 'x', seen: 'y' }] });
    expect(text).toContain('FAIL a');
    expect(text).toContain('seen: y');
  });
});
