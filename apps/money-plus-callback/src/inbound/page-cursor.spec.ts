import { readCursor, writeCursor } from './page-cursor';

const END = { createdUs: '1666755263123456', version: '7', taskId: '0190d7a0-1234-8abc-8def-000000000001' };

describe('page cursor', () => {
  it('leads back to where the page ended', () => {
    expect(readCursor(writeCursor(END))).toEqual(END);
  });

  it.each([
    ['empty', ''],
    ['not base64url', '%%%'],
    ['padded', `${writeCursor(END)}=`],
    ['cut off', writeCursor(END).slice(0, -2)],
    ['of something else', Buffer.from('{"id":1}').toString('base64url')],
    ['with a number too large', writeCursor({ ...END, createdUs: '9'.repeat(19) })],
    ['with a negative number', writeCursor({ ...END, createdUs: '-1' })],
    ['with an id that is none', writeCursor({ ...END, taskId: 'x' })],
    ['with more behind', Buffer.from(`1 7 ${END.taskId} x`).toString('base64url')],
  ])('refuses one that is %s', (_, cursor) => {
    expect(readCursor(cursor)).toBeNull();
  });
});
