import {
  approve,
  approvedAt,
  changeInfo,
  INFO,
  lastDecision,
  lastOutcome,
  photo,
  play,
  reject,
  remove,
  submit,
  type Step,
} from './scenario';

const decidedBefore: Step[] = [submit('old', 100), reject('old')];

describe('refusals in order, the first match wins', () => {
  it.each<[string, Step[], string]>([
    ['submitted: id decided before', [...decidedBefore, submit('old', 300)], 'kyc.case-mismatch'],
    [
      'submitted: id decided before, and a case pending',
      [...decidedBefore, submit('c', 300), submit('old', 300)],
      'kyc.case-mismatch',
    ],
    [
      'submitted: id approved before, and below its level',
      [...approvedAt(300), submit('given-300', 100)],
      'kyc.case-mismatch',
    ],
    [
      'submitted: id decided before a delete',
      [...approvedAt(300), remove(), submit('given-300', 300)],
      'kyc.case-mismatch',
    ],
    ['submitted: a case pending', [submit('c', 300), submit('d', 300)], 'kyc.case-already-pending'],
    ['submitted: the same case pending', [submit('c', 300), submit('c', 300)], 'kyc.case-already-pending'],
    [
      'submitted: a case pending, and below the approved level',
      [...approvedAt(200), submit('c', 300), submit('d', 100)],
      'kyc.case-already-pending',
    ],
    ['submitted: below the approved level', [...approvedAt(200), submit('c', 100)], 'kyc.level-down'],
    ['submitted: below the approved eKYC', [...approvedAt(300), submit('c', 200)], 'kyc.level-down'],
    [
      'submitted: below a level that was only pending',
      [submit('c', 300), reject('c'), submit('d', 100)],
      'APPLIED',
    ],
    ['submitted: levels may be skipped', [...approvedAt(100), submit('c', 300)], 'APPLIED'],
    [
      'submitted: a case that a delete dropped was not decided',
      [...approvedAt(200), submit('c', 300), remove(), submit('c', 300)],
      'APPLIED',
    ],
    ['photo: nothing approved', [photo('c')], 'kyc.not-approved'],
    ['photo: approved full', [...approvedAt(200), photo('c')], 'kyc.not-approved'],
    [
      'photo: approved full, and id decided before',
      [...approvedAt(200), photo('given-200')],
      'kyc.not-approved',
    ],
    ['photo: deleted eKYC', [...approvedAt(300), remove(), photo('c')], 'kyc.not-approved'],
    ['photo: id decided before', [...approvedAt(300), photo('given-300')], 'kyc.case-mismatch'],
    [
      'photo: id decided before, and a case pending',
      [...approvedAt(300), photo('c'), photo('given-300')],
      'kyc.case-mismatch',
    ],
    ['photo: a case pending', [...approvedAt(300), photo('c'), photo('d')], 'kyc.case-already-pending'],
    ['approved: nothing pending', [approve('c')], 'kyc.no-pending-case'],
    [
      'approved: decided before, nothing pending',
      [...approvedAt(100), approve('given-100')],
      'kyc.no-pending-case',
    ],
    ['approved: another id', [submit('c', 100), approve('d')], 'kyc.case-mismatch'],
    [
      'approved: dropped by a delete',
      [...approvedAt(200), submit('c', 300), remove(), approve('c')],
      'kyc.no-pending-case',
    ],
    ['rejected: nothing pending', [reject('c')], 'kyc.no-pending-case'],
    ['rejected: another id', [submit('c', 100), reject('d')], 'kyc.case-mismatch'],
    [
      'info of a pending case: nothing pending',
      [...approvedAt(300), changeInfo('PENDING', { name: 'x' })],
      'kyc.no-pending-case',
    ],
    [
      'info of a pending case: another id',
      [submit('c', 100), changeInfo('PENDING', { name: 'x' }, 'd')],
      'kyc.case-mismatch',
    ],
    [
      'info of a pending case: its id',
      [submit('c', 100), changeInfo('PENDING', { name: 'x' }, 'c')],
      'APPLIED',
    ],
    ['info of a pending case: no id', [submit('c', 100), changeInfo('PENDING', { name: 'x' })], 'APPLIED'],
    [
      'info of the approved record: nothing approved',
      [submit('c', 100), changeInfo('APPROVED', { name: 'x' })],
      'kyc.not-approved',
    ],
    [
      'info of the approved record: deleted',
      [...approvedAt(300), remove(), changeInfo('APPROVED', { name: 'x' })],
      'kyc.not-approved',
    ],
    ['deleted: nothing at all', [remove()], 'kyc.nothing-to-delete'],
    ['deleted: only a pending case', [submit('c', 300), remove()], 'kyc.nothing-to-delete'],
    ['deleted: only a rejected case', [submit('c', 300), reject('c'), remove()], 'kyc.nothing-to-delete'],
    ['deleted: deleted before', [...approvedAt(300), remove(), remove()], 'kyc.nothing-to-delete'],
  ])('%s', (_, steps, expected) => {
    expect(lastOutcome(steps)).toBe(expected);
  });

  it('leave the pending case to its own decision', () => {
    const { record } = play([submit('c', 300, INFO), submit('d', 300), approve('d'), approve('c')]);
    expect(record.approved?.level).toBe(300);
  });
});

describe('decided cases', () => {
  it.each<[string, Step[], string | undefined]>([
    ['an approval', [submit('c', 100), approve('c')], 'c'],
    ['a rejection', [submit('c', 100), reject('c')], 'c'],
    ['a submission', [submit('c', 100)], undefined],
    ['a delete, also of a pending case', [...approvedAt(100), submit('c', 200), remove()], undefined],
  ])('%s', (_, steps, expected) => {
    const decision = lastDecision(steps);
    expect(decision.kind === 'APPLIED' && decision.decidedCaseId).toBe(expected);
  });
});
