import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { areControlled, MOST_CONTROLLED, needsSecond } from './controlledMedicines.ts';
import { network } from '../test/sampleNetwork.ts';

const ATC = 'http://www.whocc.no/atc';

/** The sample network, with this list. */
function withList(...controlled: readonly string[]): typeof network {
  return { ...network, channels: network.channels.map((channel) => ({ ...channel, controlled })) };
}

function needs(list: readonly string[], code: string, controlled = false): boolean {
  return needsSecond(list.length === 0 ? network : withList(...list), { controlled, code });
}

describe('a list of controlled medicines', () => {
  it('has codes of the form system|code, each once, and all that begin so with a star at the end', () => {
    assert.ok(areControlled([`${ATC}|N02A*`, `${ATC}|N05BA01`]));
    for (const bad of [
      [],
      'N02A',
      ['N02A'],
      [`${ATC}|`],
      [`${ATC}|*`],
      ['|N02A'],
      [`${ATC}|N0*2`],
      [`${ATC}|N02A,B`],
      [`${ATC}|N02A`, `${ATC}|N02A`],
      [1],
      Array.from({ length: MOST_CONTROLLED + 1 }, (_, n) => `${ATC}|${n}`),
    ]) {
      assert.ok(!areControlled(bad), JSON.stringify(bad).slice(0, 60));
    }
  });
});

describe('a prescription needs a second doctor', () => {
  it('if its prescriber says so, and without a list for no other reason', () => {
    assert.equal(needs([], ''), false);
    assert.equal(needs([], `${ATC}|N02AA01`), false);
    assert.equal(needs([], '', true), true);
    assert.equal(needs([`${ATC}|N02A*`], `${ATC}|M01AE01`, true), true);
  });

  it('if its code is on the list, whole or by its beginning, in capitals or not', () => {
    const list = [`${ATC}|N02A*`, `${ATC}|N05BA01`];
    assert.equal(needs(list, `${ATC}|N02AA01`), true);
    assert.equal(needs(list, `${ATC}|n02aa01`), true);
    assert.equal(needs(list, `${ATC}|N05BA01`), true);
    assert.equal(needs(list, `${ATC}|N05BA012`), false);
    assert.equal(needs(list, `${ATC}|M01AE01`), false);
  });

  it('if nobody could tell: without a code, or with one of a system that the list does not have', () => {
    const list = [`${ATC}|N02A*`];
    for (const code of [
      '',
      'M01AE01',
      `${ATC}|`,
      'https://other.example|M01AE01',
      `${ATC}| M01AE01`,
    ]) {
      assert.equal(needs(list, code), true, code);
    }
  });
});
