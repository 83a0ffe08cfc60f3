import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as forAll, constantFrom, property, record } from 'fast-check';
import { writesIn } from '../../../../src/client/index.ts';
import { actsInGroup, type GroupAct } from './actsInGroup.ts';
import { eventToGroup, type EventTold } from './test/eventToGroup.ts';

const ADD = { type: 'Write', what: 'add' };

function acts(...told: readonly EventTold[]): readonly GroupAct[] {
  const events = told.map(eventToGroup);
  return actsInGroup(events, writesIn(events));
}

/** The lines, each by its kind and the places of its events. */
function lines(...told: readonly EventTold[]): readonly string[] {
  return acts(...told).map(({ kind, events }) => {
    return `${kind} ${events.map(({ index }) => index).join()}`;
  });
}

describe('the lines of what one person did', () => {
  it('are one for the views of each purpose', () => {
    assert.deepEqual(lines({}, { purpose: 'HPAYMT' }, {}, { what: 'chart' }), [
      'looked 0,2,3',
      'looked 1',
    ]);
  });

  it('count the views of the list, and each record once however often it was read', () => {
    const [line] = acts({}, { what: 'chart' }, {}, { record: 'r2' });
    assert.ok(line);
    assert.deepEqual(
      [line.lists, line.untold, line.records.map((each) => each.record)],
      [1, 0, ['r1', 'r2']],
    );
  });

  it('say of what category each record was that somebody read, if the audit has its write', () => {
    const written = { ...ADD, record: 'r1', category: 'medications' };
    const [, line] = acts(written, { record: 'r1' }, { type: 'ViewSet', pairs: ['r1', 'r3'] });
    assert.deepEqual(line?.records, [
      { record: 'r1', version: 1, category: 'medications' },
      { record: 'r3', version: 1 },
    ]);
  });

  it('count of a view of several neither what was left out nor, as named, what no node named', () => {
    const set = { type: 'ViewSet', pairs: ['r1', 'r2', 'hidden'], left: [1] };
    const [named] = acts(set);
    assert.deepEqual([named?.records.map((each) => each.record), named?.untold], [['r1'], 1]);
    const [listless] = acts({ type: 'ViewSet', count: 5, left: [0, 3] });
    assert.deepEqual([listless?.records, listless?.untold], [[], 3]);
  });

  it('never count a refusal as a view: nothing was read', () => {
    const refused = { flag: 'R', code: 'RIGHT_MISSING' };
    const told = [{}, refused, { ...refused, type: 'ViewSet', pairs: ['r8', 'r9'] }];
    assert.deepEqual(lines(...told), ['looked 0', 'refused 1', 'refused 2']);
    const [, ...refusals] = acts(...told, { ...refused, what: 'chart' });
    assert.equal(refusals.length, 3);
    for (const { records, lists, untold } of refusals)
      assert.deepEqual([records, lists, untold], [[], 0, 0]);
  });

  it('say refusals of one act for one reason together, and of any other reason, act or purpose apart', () => {
    const refused = { flag: 'R', code: 'RIGHT_MISSING' };
    assert.deepEqual(
      lines(
        refused,
        refused,
        { ...refused, code: 'RIGHT_ENDED' },
        { ...refused, what: 'chart' },
        { ...refused, purpose: 'HRESCH' },
      ),
      ['refused 0,1', 'refused 2', 'refused 3', 'refused 4'],
    );
  });

  it('keep a change, an answer and a look at the evidence apart from views, and from each other', () => {
    const single = [ADD, { type: 'Ask', what: 'grant' }, { what: 'audit' }];
    const told = [{}, ...single, {}];
    assert.deepEqual(lines(...told), ['looked 0,4', 'added 1', 'other 2', 'other 3']);
    assert.deepEqual(lines(ADD, { ...ADD, what: 'amend' }, ADD), ['added 0,2', 'added 1']);
  });

  it('keep a view apart that its reader may repeat, of one record or of several', () => {
    for (const type of ['KeptView', 'ViewSet']) {
      assert.deepEqual(lines({}, { type, keep: 9 }, {}), ['looked 0,2', 'looked 1'], type);
      const [, kept] = acts({}, { type, keep: 9 });
      assert.equal(kept?.until, 9);
    }
    assert.deepEqual(lines({}, { type: 'ViewSet', keep: 0 }), ['looked 0,1']);
    const until = acts({ type: 'KeptView', keep: 9 }, { type: 'KeptView', keep: 10 });
    assert.equal(until.length, 2);
  });

  it('are one for all batches of a device', () => {
    assert.deepEqual(lines({ ...ADD, grant: '01' }, { ...ADD, grant: '01' }), ['devices 0,1']);
  });

  it('hold every event exactly once', () => {
    const told = record({
      purpose: constantFrom('TREAT', 'HPAYMT'),
      what: constantFrom('chart', 'record', 'audit'),
      flag: constantFrom('A', 'R'),
      type: constantFrom('View', 'Write', 'KeptView'),
      grant: constantFrom(undefined, '01'),
      keep: constantFrom(undefined, 9),
    });
    forAll(
      property(array(told), (all) => {
        const events = (all as readonly EventTold[]).map(eventToGroup);
        const places = actsInGroup(events, new Map()).flatMap((act) => act.events);
        assert.deepEqual(
          places.map(({ index }) => index).toSorted((left, right) => left - right),
          all.map((_, index) => index),
        );
      }),
    );
  });
});
