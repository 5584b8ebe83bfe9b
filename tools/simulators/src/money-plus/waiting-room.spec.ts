import type { ReceivedRequest } from './received-request';
import { WaitingRoom } from './waiting-room';

const request = (index: number, success: boolean | null): ReceivedRequest =>
  ({ index, success }) as unknown as ReceivedRequest;
const succeeded = (it: ReceivedRequest): boolean => it.success === true;

test('counts what has come already', async () => {
  const room = new WaitingRoom();
  const past = [request(0, true), request(1, false), request(2, true)];
  expect(await room.wait(succeeded, 2, 1000, past)).toEqual({ complete: true, indexes: [0, 2] });
});

test('looks at a request when it arrives and again when it ended, and counts it once', async () => {
  const room = new WaitingRoom();
  const waiting = room.wait(succeeded, 2, 1000, []);
  room.show(request(0, null));
  room.show(request(0, true));
  room.show(request(0, true));
  expect(room.idle).toBe(false);
  room.show(request(1, true));
  expect(await waiting).toEqual({ complete: true, indexes: [0, 1] });
  expect(room.idle).toBe(true);
});

test('says what came when the time is over or the room closes', async () => {
  const room = new WaitingRoom();
  expect(await room.wait(succeeded, 2, 1, [request(4, true)])).toEqual({ complete: false, indexes: [4] });
  const waiting = room.wait(succeeded, 1, 60_000, []);
  room.close();
  expect(await waiting).toEqual({ complete: false, indexes: [] });
});
