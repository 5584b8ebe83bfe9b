import { describeInfo } from '../callback';
import type { Chapter, Line } from '../table';
import type { World } from '../world';

/** Field as upstream changes it, and as Money+ is told. */
const FIELDS: readonly [field: string, value: string, told: string][] = [
  ['nationality', 'MY', 'nationality=MY'],
  ['mailing_address', '1 Jalan Satu', 'mailing_address=1 Jalan Satu'],
  ['address', '2 Jalan Dua', 'address=2 Jalan Dua'],
  ['gender', 'F', 'gender=F'],
  ['date_of_birth', '1990-01-01', 'date_of_birth=1990-01-01'],
  ['phone', '+60111111111', 'phone=+60111111111'],
  ['industry_code', 'IND_07', 'nature_of_business=IND_07'],
  ['occupation_code', 'OCC_12', 'occupation=OCC_12'],
  ['name', 'Ann Lim', 'name=Ann Lim'],
];

/** Every info field on the approved record, none of a pending case, and the codes under their names. */
export async function tellInfo(world: World): Promise<Chapter> {
  const uid = world.user('info');
  await world.publish('kyc.case.submitted', { shopee_uid: uid, case_id: 'i1', level: 300 });
  await world.publish('kyc.case.approved', { shopee_uid: uid, case_id: 'i1', decided_by: 'OPS' });
  await world.until(
    async () => await world.query(uid),
    ({ body }) => body.data['is_meet_business'] === true,
  );
  await world.subscribe(uid);
  for (const [field, value] of FIELDS)
    await world.publish('kyc.info.changed', {
      shopee_uid: uid,
      target: 'APPROVED',
      changes: { [field]: value },
    });
  const callbacks = await world.received(uid, FIELDS.length);
  const lines: Line[] = FIELDS.map(([field, , told], index) => ({
    what: `approved info: ${field}`,
    expected: told,
    seen: describeInfo(callbacks[index]),
  }));
  await tellPending(world, uid, lines);
  return { title: 'Info changes, as Money+ is called back', lines };
}

/** A pending case's info causes no callback: the next callback that arrives is that of a later change. */
async function tellPending(world: World, uid: string, lines: Line[]): Promise<void> {
  await world.publish('kyc.photo.reuploaded', { shopee_uid: uid, case_id: 'i2' });
  await world.publish('kyc.info.changed', { shopee_uid: uid, target: 'PENDING', changes: { name: 'Other' } });
  await world.publish('kyc.info.changed', {
    shopee_uid: uid,
    target: 'APPROVED',
    changes: { ic_number: '900101149999' },
  });
  await world.publish('kyc.info.changed', {
    shopee_uid: uid,
    target: 'APPROVED',
    changes: { name: 'Ann Tan' },
  });
  const all = await world.received(uid, FIELDS.length + 2);
  const last = all.filter(({ kind }) => kind === 'info').slice(FIELDS.length);
  lines.push({
    what: 'pending info and ic_number, then name',
    expected: 'one callback: name=Ann Tan',
    seen: `${last.length === 1 ? 'one callback' : `${last.length} callbacks`}: ${describeInfo(last[0])}`,
  });
}
