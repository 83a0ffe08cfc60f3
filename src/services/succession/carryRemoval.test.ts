import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readRemoval } from '../../bindings/readRemoval.ts';
import { readStake } from '../../bindings/readStake.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { removing } from '../../protocol/test/sampleRemoval.ts';
import { four, LATER } from '../../protocol/test/sampleReplacement.ts';
import { carryChanges, type RulesCarrier } from './carryChanges.ts';
import { findContradicted } from './findContradicted.ts';
import { requireStakes } from './requireStakes.ts';
import { tendRemovals } from './tendRemovals.ts';
import { foundFour, type FoundedFour } from './test/foundFour.ts';

/** Power that is taken from a validator’s key at once, brought to the contracts on the embedded ledger, as any node would. */

const DELAY = 3600;
const BEGIN = LATER - 2 * DELAY;
const KEY = word('validator of pharmacy');
const OTHERS = ['hospital', 'laboratory', 'insurer'] as const;
const good = removing(OTHERS);
let clock: FoundedFour['clock'];
let carrier: RulesCarrier;
let other: RulesCarrier;
let sourceOf: FoundedFour['sourceOf'];

beforeEach(async () => {
  ({ clock, carrier, other, sourceOf } = await foundFour(BEGIN, DELAY));
});

function contract(): `0x${string}` {
  return carrier.network.contracts.validators ?? assert.fail();
}

async function out(): Promise<readonly [removal: number, isOut: boolean, stake: number]> {
  const { removal, until } = await readRemoval(carrier.ledger, contract(), KEY);
  return [removal, until !== 0, (await readStake(carrier.ledger, contract(), KEY)).amount];
}

describe('power that is taken from a validator’s key at the ledger', () => {
  it('is gone when it is published, once, whoever brings it, and the stake stays', async () => {
    await requireStakes(sourceOf(), good);
    const both = await Promise.all([carryChanges(carrier, good), carryChanges(other, good)]);
    assert.deepEqual(both, [true, true]);
    assert.deepEqual(await out(), [1, true, 10]);
    await requireStakes(sourceOf(), good);
    assert.equal(await findContradicted(sourceOf([good])), undefined);
  });

  it('is refused by the contract with one of the others missing', async () => {
    const refused = failsWith('RULE_REFUSED', { reason: 'QuorumMissing' });
    for (const names of [
      ['hospital', 'laboratory'],
      ['hospital', 'laboratory', 'pharmacy'],
    ]) {
      await assert.rejects(carryChanges(carrier, removing(names)), refused);
    }
    assert.deepEqual(await out(), [0, false, 10]);
  });

  it('is refused for a second key while one is out', async () => {
    await carryChanges(carrier, good);
    const second = removing(['hospital', 'laboratory', 'pharmacy'], 'insurer');
    const refused = failsWith('RULE_REFUSED', { reason: 'ReplacementsSpent' });
    await assert.rejects(carryChanges(carrier, second), refused);
  });

  it('is refused before anything begins with a deadline that passed or is far, another number, or another’s key', async () => {
    const { removal = assert.fail() } = good;
    const with_ = (message: Partial<typeof removal.message>) => ({
      ...good,
      removal: { ...removal, message: { ...removal.message, ...message } },
    });
    for (const message of [
      { deadline: BEGIN - 1 },
      { deadline: BEGIN + 48 * 3600 },
      { removal: 2 },
      { key: word('validator of hospital') },
      { key: word('no validator') },
    ]) {
      await assert.rejects(requireStakes(sourceOf(), with_(message)), {
        code: 'SUCCESSOR_INVALID',
      });
    }
  });

  it('comes back by any node once the delay passed, and never by the same successor again', async () => {
    const source = { ...carrier, index: sourceOf().index };
    assert.deepEqual(await tendRemovals(source, [four]), []);
    await carryChanges(carrier, good);
    const until = BEGIN + DELAY;
    const [removed] = await tendRemovals(source, [four]);
    assert.equal(removed?.organisation, 'pharmacy');
    assert.ok(removed.until >= until && !removed.isConfirmed);
    assert.deepEqual(await out(), [1, true, 10]);
    clock.advance(1000 * (DELAY + 60));
    assert.deepEqual(await tendRemovals({ ...source, sender: other.sender }, [four]), []);
    assert.deepEqual(await out(), [1, false, 10]);
    assert.equal(await carryChanges(carrier, good), true);
    assert.deepEqual(await out(), [1, false, 10]);
    assert.equal(await findContradicted(sourceOf([good])), undefined);
  });
});
