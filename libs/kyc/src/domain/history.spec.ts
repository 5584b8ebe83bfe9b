import { INFO_FIELDS } from '@kyc-relay/contracts';
import {
  approve,
  approvedAt,
  changeInfo,
  INFO,
  lastDecision,
  NOW,
  play,
  reject,
  remove,
  submit,
} from './scenario';

describe('the history', () => {
  it('says what a submission changed, and not what it brought', () => {
    expect(lastDecision([submit('c', 300, INFO)]).history).toEqual({
      at: NOW,
      ceId: 'e-1',
      type: 'kyc.case.submitted',
      decision: 'APPLIED',
      changes: [
        { field: 'status', from: null, to: 2 },
        { field: 'level', from: null, to: 300 },
        { field: 'pending_case', from: null, to: 'c' },
      ],
    });
  });

  it('says who decided and what became approved, masked', () => {
    expect(
      lastDecision([submit('c', 300, { name: 'Tan Mei Ling', gender: 'F' }), approve('c', 'AUTO')]).history,
    ).toEqual({
      at: NOW,
      ceId: 'e-1',
      type: 'kyc.case.approved',
      decision: 'APPLIED',
      by: 'AUTO',
      changes: [
        { field: 'status', from: 2, to: 3 },
        { field: 'approved_level', from: null, to: 300 },
        { field: 'pending_case', from: 'c', to: null },
        { field: 'name', from: null, to: '********Ling' },
        { field: 'gender', from: null, to: '*' },
      ],
    });
  });

  it('says what a delete took away', () => {
    const { changes } = lastDecision([...approvedAt(300), remove()]).history;
    expect(changes).toEqual(expect.arrayContaining([{ field: 'approved_level', from: 300, to: null }]));
    expect(changes.filter((change) => change.to === null).map((change) => change.field)).toEqual([
      'approved_level',
      ...INFO_FIELDS,
    ]);
  });

  it('tells a change of the pending case from one of the approved record', () => {
    const steps = [
      ...approvedAt(200),
      submit('c', 300, INFO),
      changeInfo('PENDING', { address: '9 Lorong Hijau' }),
    ];
    expect(lastDecision(steps).history.changes).toEqual([
      { field: 'pending.address', from: '**********ukit', to: '**********ijau' },
    ]);
  });

  it('keeps a change whose values look the same once they are masked', () => {
    expect(
      lastDecision([...approvedAt(300), changeInfo('APPROVED', { gender: 'M' })]).history.changes,
    ).toEqual([{ field: 'gender', from: '*', to: '*' }]);
  });

  it('keeps a refusal with its code, and who decided', () => {
    expect(lastDecision([reject('c', 'AUTO')]).history).toEqual({
      at: NOW,
      ceId: 'e-1',
      type: 'kyc.case.rejected',
      decision: 'REFUSED',
      reason: 'kyc.no-pending-case',
      by: 'AUTO',
      changes: [],
    });
  });

  it('holds no info value in clear', () => {
    const { decisions } = play([
      ...approvedAt(300),
      changeInfo('APPROVED', { name: 'Another Name', ic_number: '111111-14-5678' }),
      remove(),
    ]);
    const text = JSON.stringify(decisions.map((decision) => decision.history));
    for (const value of Object.values(INFO).filter((value) => value.length > 4))
      expect(text).not.toContain(value);
    expect(text).not.toContain('Another Name');
    expect(text).not.toContain('111111');
  });
});
