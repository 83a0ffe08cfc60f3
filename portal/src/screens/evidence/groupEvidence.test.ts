import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as forAll, constantFrom, property, record } from 'fast-check';
import { groupEvidence } from './groupEvidence.ts';
import { eventToGroup, OWN, type EventTold } from './test/eventToGroup.ts';

const OTHER = `0x${'99'.repeat(32)}` as const;

function dayOf(at: number): string {
  return String(Math.floor(at / 100));
}

/** The groups, each by its day, kind, party and the places of its events. */
function groups(...told: readonly EventTold[]): readonly string[] {
  return named(told.map(eventToGroup));
}

function named(events: Parameters<typeof groupEvidence>[0]): readonly string[] {
  return groupEvidence(events, { handle: OWN, dayOf }).flatMap(({ day, groups: ofDay }) =>
    ofDay.map(({ kind, party = '-', events: of }) => {
      return `${day ?? '-'} ${kind} ${party} ${of.map(({ index }) => index).join()}`;
    }),
  );
}

function keys(...told: readonly EventTold[]): readonly string[] {
  return groupEvidence(told.map(eventToGroup), { handle: OWN, dayOf }).flatMap((day) =>
    day.groups.map(({ key }) => key),
  );
}

describe('the groups of evidence', () => {
  it('are one for each day and person, the newest day and the newest person first', () => {
    const other = { party: 'bb', at: 150 };
    assert.deepEqual(groups({ at: 20 }, other, { at: 110 }, { at: 30 }, { at: 120 }), [
      '1 person bb 1',
      '1 person aa 4,2',
      '0 person aa 3,0',
    ]);
  });

  it('hold all that a person did on a day together: views for any purpose, changes, answers and refusals', () => {
    const told = [
      {},
      { purpose: 'HPAYMT' },
      { what: 'audit' },
      { type: 'Write', what: 'add' },
      { type: 'Ask', what: 'grant' },
      { flag: 'R' },
      { type: 'KeptView', keep: 9 },
    ];
    assert.deepEqual(groups(...told), ['0 person aa 6,5,4,3,2,1,0']);
  });

  it('are one for each device and day, whoever saw the chart between its batches', () => {
    const batch = { type: 'Write', what: 'add', grant: '01' };
    const told = [batch, {}, batch, { ...batch, grant: '02' }, { ...batch, at: 100 }, batch];
    assert.deepEqual(groups(...told), [
      '1 device aa 4',
      '0 device aa 5,2,0',
      '0 device aa 3',
      '0 person aa 1',
    ]);
    assert.deepEqual(groups(batch, { ...batch, party: 'bb' }), ['0 device bb 1', '0 device aa 0']);
  });

  it('never hide among a device’s batches a refused one, one that is not proven, or what a gateway added without a device', () => {
    const batch = { type: 'Write', what: 'add', grant: '01' };
    const beside = '0 device aa 0';
    assert.deepEqual(groups(batch, { ...batch, flag: 'R' }), ['0 person aa 1', beside]);
    assert.deepEqual(groups(batch, { type: 'Write', what: 'add' }), ['0 person aa 1', beside]);
    assert.deepEqual(groups(batch, { ...batch, fault: 'the body differs' }), [
      '- unproven - 1',
      beside,
    ]);
  });

  // @attack a node lists an entry that does not hold, in somebody's name | it stands first, under nobody's name
  it('name nobody for what is not proven, and put it first', () => {
    const fault = 'the body differs';
    const told = [{ at: 500 }, { fault, at: 3 }, { fault, party: 'bb', at: 900 }];
    assert.deepEqual(groups(...told), ['- unproven - 2,1', '5 person aa 0']);
  });

  // @attack a node lists an event of another patient's chart | it stands apart, and under nobody's name
  it('never count an event of another patient as somebody’s act on this chart', () => {
    const told = [{}, { handle: OTHER }, { handle: OTHER, flag: 'R' }];
    assert.deepEqual(groups(...told), ['- foreign - 2,1', '0 person aa 0']);
  });

  it('keep lines whose text was erased apart, and last', () => {
    const erased = { log: 'care/hospital', index: 7, entry: '0x07' } as const;
    const shown = [eventToGroup({}, 0), erased, { ...erased, index: 8 }];
    assert.deepEqual(named(shown), ['0 person aa 0', '- erased - 8,7']);
  });

  it('name who signed an act on behalf of another: the gateway of a device, and whoever goes on with another’s record', () => {
    const amends = { type: 'Write', what: 'amend', begunBy: 'bb', party: 'cc' };
    const brings = { type: 'Write', what: 'add', begunBy: 'bb', party: 'dd', grant: '01' };
    assert.deepEqual(groups(amends, brings), ['0 device dd 1', '0 person cc 0']);
  });

  it('keep unknown parties apart from each other', () => {
    assert.deepEqual(groups({ party: 'ee' }, { party: 'ff' }, { party: 'ee' }), [
      '0 person ee 2,0',
      '0 person ff 1',
    ]);
  });

  it('are the same in whatever order the events are told, also of one second and of several logs', () => {
    const told = [
      eventToGroup({ at: 5 }, 0),
      eventToGroup({ at: 5, party: 'bb' }, 1),
      eventToGroup({ at: 5 }, 2),
      eventToGroup({ at: 5, log: 'care/laboratory' }, 2),
      eventToGroup({ at: 4, log: 'care/laboratory', party: 'bb' }, 9),
    ];
    const expected = ['0 person aa 2,0,2', '0 person bb 1,9'];
    assert.deepEqual(named(told), expected);
    assert.deepEqual(named(told.toReversed()), expected);
    const [first, ...rest] = told;
    assert.ok(first);
    assert.deepEqual(named([...rest, first]), expected);
  });

  it('keep their names while newer events come', () => {
    const [before] = keys({});
    assert.deepEqual(keys({}, { at: 9 }, { at: 100, party: 'bb' }).slice(1), [before]);
  });

  it('hold every event exactly once', () => {
    const told = record({
      party: constantFrom('aa', 'bb'),
      handle: constantFrom(OWN, OTHER),
      at: constantFrom(0, 99, 100),
      what: constantFrom('chart', 'record', 'audit'),
      flag: constantFrom('A', 'R'),
      type: constantFrom('View', 'Write'),
      grant: constantFrom('01', '02'),
      fault: constantFrom('', 'the body differs'),
    });
    forAll(
      property(array(told), (all) => {
        const found = groupEvidence(all.map(eventToGroup), { handle: OWN, dayOf });
        const places = found.flatMap((day) => day.groups.flatMap(({ events }) => events));
        assert.deepEqual(
          places.map(({ index }) => index).toSorted((left, right) => left - right),
          all.map((_, index) => index),
        );
      }),
    );
  });
});
