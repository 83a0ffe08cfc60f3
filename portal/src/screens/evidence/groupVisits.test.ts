import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as forAll, constantFrom, property, record } from 'fast-check';
import type { AuditEvent } from '../../../../src/client/index.ts';
import { groupVisits } from './groupVisits.ts';

interface Told {
  readonly party?: string;
  readonly purpose?: string;
  readonly at?: number;
  readonly what?: string;
  readonly flag?: string;
  readonly type?: string;
  readonly fault?: string;
  /** Until when its reader may look again. */
  readonly keep?: number;
  /** The right of a device whose batch it is. */
  readonly grant?: string;
}

function eventOf(told: Told, index: number): AuditEvent {
  const { party = 'aa', purpose = 'TREAT', at = 0, what = 'record', flag = 'A', keep } = told;
  const request = { type: told.type ?? 'View', party, message: { what, purpose, keep } };
  const readings = told.grant === undefined ? {} : { readings: { header: { grant: told.grant } } };
  const body = { flag, at, request, ...readings };
  return { log: 'care/hospital', index, body, ...(told.fault && { fault: told.fault }) } as never;
}

function lines(...told: readonly Told[]): readonly (readonly number[])[] {
  const found = groupVisits(told.map(eventOf), (at) => String(Math.floor(at / 100)));
  return found.map(({ events }) => events.map(({ index }) => index));
}

describe('the lines of what others did', () => {
  it('are one for each viewer, purpose and day, at the place of its newest view', () => {
    const other = { party: 'bb' };
    assert.deepEqual(lines({}, other, {}, { at: 100 }, { purpose: 'HPAYMT' }, {}), [
      [0, 2, 5],
      [1],
      [3],
      [4],
    ]);
  });

  it('count the views of the list and of records', () => {
    const [line] = groupVisits([{}, { what: 'chart' }, {}].map(eventOf), () => '');
    const { body: _body, ...counts } = line?.fold ?? assert.fail('it is folded');
    assert.deepEqual(counts, { kind: 'visit', lists: 1, records: 2 });
  });

  it('are one for each device and day, whoever saw the chart between its batches', () => {
    const batch = { type: 'Write', what: 'add', grant: '01' };
    const told = [batch, {}, batch, { ...batch, grant: '02' }, { ...batch, at: 100 }, batch];
    assert.deepEqual(lines(...told), [[0, 2, 5], [1], [3], [4]]);
    const [line] = groupVisits(told.map(eventOf), (at) => String(Math.floor(at / 100)));
    assert.equal(line?.fold?.kind === 'batches' && line.fold.batches, 3);
  });

  it('never hide a refused batch, one that is not proven, or what a gateway added without a device', () => {
    const batch = { type: 'Write', what: 'add', grant: '01' };
    for (const each of [
      { ...batch, flag: 'R' },
      { ...batch, fault: 'the body differs' },
      { type: 'Write', what: 'add' },
    ]) {
      assert.deepEqual(lines(batch, each, batch, each), [[0, 2], [1], [3]], JSON.stringify(each));
    }
    assert.deepEqual(lines(batch, { ...batch, party: 'bb' }), [[0], [1]]);
  });

  it('never group a refusal, a change, an answer, a look at the evidence, or what is not proven', () => {
    const single = [
      { flag: 'R' },
      { type: 'Write', what: 'add' },
      { type: 'Ask', what: 'grant' },
      { what: 'audit' },
      { fault: 'the body differs' },
    ];
    for (const each of single) {
      assert.deepEqual(lines(each, each), [[0], [1]], JSON.stringify(each));
    }
    const erased = { log: 'care/hospital', index: 0 } as AuditEvent;
    const other = { ...erased, index: 1 };
    assert.equal(groupVisits([erased, other], () => '').length, 2);
  });

  it('keep a view apart that its reader may repeat, of one record or of several', () => {
    for (const type of ['KeptView', 'ViewSet']) {
      assert.deepEqual(lines({}, { type, keep: 9 }, {}), [[0, 2], [1]], type);
    }
    assert.deepEqual(lines({}, { type: 'ViewSet', keep: 0 }), [[0, 1]]);
  });

  it('hold every event exactly once', () => {
    const told = record({
      party: constantFrom('aa', 'bb'),
      purpose: constantFrom('TREAT', 'HPAYMT'),
      at: constantFrom(0, 99, 100),
      what: constantFrom('chart', 'record', 'audit'),
      flag: constantFrom('A', 'R'),
      type: constantFrom('View', 'Write'),
      grant: constantFrom('01', '02'),
    });
    forAll(
      property(array(told), (events) => {
        const all = lines(...events).flat();
        assert.deepEqual(
          all.toSorted((left, right) => left - right),
          events.map((_, index) => index),
        );
      }),
    );
  });
});
