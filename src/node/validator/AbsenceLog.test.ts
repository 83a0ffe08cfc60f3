import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogFields, Logger } from '../operate/Logger.ts';
import { AbsenceLog } from './AbsenceLog.ts';
import type { Presence } from './Presence.ts';

type One = Partial<Presence['validators'][number]>;

function presence(...validators: readonly One[]): Presence {
  const all = validators.map((each, index) => ({
    organisation: `organisation-${index}`,
    key: `0x${String(index).repeat(64)}` as const,
    power: 10,
    missed: 0,
    aside: false,
    out: false,
    ...each,
  }));
  const numbers = { height: 7, peers: 3, window: 10_000, mostMissed: 9500 };
  return { ...numbers, behind: false, validators: all };
}

/** Returns the lines of the log for each state. */
function told(...states: readonly Presence[]): readonly (readonly string[])[] {
  let said: string[] = [];
  const level =
    (name: string) =>
    (event: string, { organisation, missed = '' }: LogFields = {}): void => {
      said.push(`${name}: ${event} ${String(organisation)} ${String(missed)}`.trim());
    };
  const log: Logger = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
  };
  const absence = new AbsenceLog(log);
  return states.map((state) => {
    said = [];
    absence.note(state);
    return said;
  });
}

describe('the log of validators that are absent', () => {
  it('warns at a tenth, half and nine tenths of what may be missed, once each', () => {
    const missed = [0, 949, 950, 951, 4750, 8549, 8550, 9500];
    assert.deepEqual(told(...missed.map((each) => presence({}, { missed: each }))), [
      [],
      [],
      ['warn: validator absent organisation-1 950'],
      [],
      ['warn: validator absent organisation-1 4750'],
      [],
      ['warn: validator absent organisation-1 8550'],
      [],
    ]);
  });

  it('tells that one is set aside, or out for good, and that one is back', () => {
    const states = [
      presence({ missed: 9000 }, { out: true, power: 0 }),
      presence({ aside: true, power: 0, missed: 0 }, { out: true }),
      presence({ aside: true }, { out: true }),
      presence({}, { out: true }),
      presence({ missed: 1000 }, { out: true }),
    ];
    assert.deepEqual(told(...states), [
      ['warn: validator absent organisation-0 9000', 'error: validator is out organisation-1'],
      ['error: validator set aside organisation-0 0'],
      [],
      ['info: validator present again organisation-0 0'],
      ['warn: validator absent organisation-0 1000'],
    ]);
  });

  it('says nothing of validators that do their work', () => {
    assert.deepEqual(told(presence({}, {}, { missed: 100 })), [[]]);
  });
});
