import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readReplacedBy } from '../../bindings/readReplacedBy.ts';
import { readStake } from '../../bindings/readStake.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { stakedSuccessor } from '../../protocol/test/sampleConsortium.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import {
  FOUR,
  four,
  LATER,
  NEW_KEY,
  replacing,
  termsWith,
} from '../../protocol/test/sampleReplacement.ts';
import type { SuccessorTerms } from '../../protocol/network/successorOf.ts';
import { carryChanges, type RulesCarrier } from './carryChanges.ts';
import { findContradicted } from './findContradicted.ts';
import { requireStakes } from './requireStakes.ts';
import { foundFour, type FoundedFour } from './test/foundFour.ts';

/** A validator's key that is replaced at once, brought to the contracts on the embedded ledger, as any node would. */

const DELAY = 3600;
const BEGIN = LATER - 2 * DELAY;
const FORMER = word('validator of pharmacy');
const good = replacing(FOUR);
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

async function stakes(): Promise<readonly number[]> {
  const held = await Promise.all(
    [FORMER, NEW_KEY].map(async (key) => await readStake(carrier.ledger, contract(), key)),
  );
  return held.map(({ amount }) => amount);
}

describe('the replacement of a validator’s key at the ledger', () => {
  it('holds when it is published, before the file that names the new key, and once, whoever brings it', async () => {
    await requireStakes(sourceOf(), good);
    const both = await Promise.all([carryChanges(carrier, good), carryChanges(other, good)]);
    assert.deepEqual(both, [true, true]);
    assert.deepEqual(await stakes(), [0, 10]);
    assert.equal(await readReplacedBy(carrier.ledger, contract(), FORMER), NEW_KEY);
    assert.equal(await readReplacedBy(carrier.ledger, contract(), NEW_KEY), ZERO32);
    await requireStakes(sourceOf(), good);
    assert.equal(await findContradicted(sourceOf([good])), undefined);
    clock.advance(1000 * DELAY * 3);
    assert.equal(await findContradicted(sourceOf([good])), undefined);
  });

  it('is refused by the contract with k - 1 others, or without its own organisation', async () => {
    for (const [names, reason] of [
      [['hospital', 'laboratory', 'pharmacy'], 'QuorumMissing'],
      [['hospital', 'laboratory', 'insurer'], 'OwnerMissing'],
    ] as const) {
      const refused = failsWith('RULE_REFUSED', { reason });
      await assert.rejects(carryChanges(carrier, replacing(names)), refused);
    }
    assert.deepEqual(await stakes(), [10, 0]);
  });

  it('is refused for a second key within the delay, and taken after it', async () => {
    await carryChanges(carrier, good);
    const key = word('new validator of insurer');
    const terms = termsWith(
      ({ validator, ...node }) => ({ ...node, validator: { ...validator, key } }),
      'insurer',
    );
    const next = replacing(FOUR, terms);
    const spent = failsWith('RULE_REFUSED', { reason: 'ReplacementsSpent' });
    await assert.rejects(carryChanges(carrier, next), spent);
    clock.advance(1000 * DELAY);
    assert.equal(await carryChanges(carrier, next), true);
  });

  it('is compared with the ledger: another key in that place, one that had stake, and one too late are refused', async () => {
    const key = word('another new key');
    const rival = replacing(
      FOUR,
      termsWith(({ validator, ...node }) => ({ ...node, validator: { ...validator, key } })),
    );
    await carryChanges(carrier, rival);
    const invalid = failsWith('SUCCESSOR_INVALID');
    await assert.rejects(requireStakes(sourceOf(), good), invalid);
    assert.match(
      (await findContradicted(sourceOf([good])))?.reason ?? '',
      /replaced the key of the validator of pharmacy by another one/,
    );
    const { replacement } = good;
    assert.ok(replacement !== undefined);
    const { message, signatures } = replacement;
    for (const altered of [
      { former: key, key: word('validator of hospital') },
      { former: key, deadline: BEGIN - 1 },
      { former: word('never a validator') },
    ]) {
      const given = { ...good, replacement: { message: { ...message, ...altered }, signatures } };
      await assert.rejects(requireStakes(sourceOf(), given), invalid, JSON.stringify(altered));
    }
  });

  it('waits for a change of the former key’s stake that a coming successor names', async () => {
    const raised = termsWith(({ validator, ...node }) => {
      return { ...node, validator: { ...validator, stake: 20 } };
    });
    const coming = stakedSuccessor(four, raised, FOUR);
    await carryChanges(carrier, coming);
    const moment = new Date(1000 * LATER).toISOString();
    const reason = `change 1 of the stake of pharmacy is not made yet: publish this one once that is in force, from ${moment} on`;
    const refused = failsWith('SUCCESSOR_INVALID', { reason });
    await assert.rejects(requireStakes(sourceOf([coming]), good), refused);
    clock.advance(2000 * DELAY);
    assert.equal(await carryChanges(carrier, coming), true);
    const { replacement = assert.fail() } = good;
    await requireStakes(sourceOf([coming]), {
      ...good,
      replacement: { ...replacement, message: { ...replacement.message, deadline: LATER + DELAY } },
    });
  });

  // @attack an organisation keeps a signed replacement of its key back, and has it carried out once its removal or a change of its key has begun | the contract replaces no key of which a change is under way
  it('voids no change of the former key that began before, and is refused by the node and the contract', async () => {
    const { stakes: begun } = stakedSuccessor(four, without('pharmacy'), FOUR);
    const removal = { offices: [], stakes: begun, from: BEGIN };
    await carryChanges(carrier, removal);
    const reason =
      'the ledger began another change of the stake of pharmacy: finish or change that one first';
    const invalid = failsWith('SUCCESSOR_INVALID', { reason });
    await assert.rejects(requireStakes(sourceOf(), good), invalid);
    const pending = failsWith('RULE_REFUSED', { reason: 'ChangePending' });
    await assert.rejects(carryChanges(carrier, good), pending);
    clock.advance(1000 * (DELAY + 1));
    await assert.rejects(carryChanges(carrier, good), pending);
    assert.equal(await carryChanges(carrier, removal), true);
    assert.deepEqual(await stakes(), [0, 0]);
    await assert.rejects(carryChanges(carrier, good), failsWith('RULE_REFUSED'));
  });

  // @attack an organisation has the half of a change of its key that gives stake begun beside a replacement, and has twice the stake | a change of a replaced key begins nothing, and the contract gives no stake beside a key that stays
  it('leaves nothing to a change of the former key that comes later: nothing of it begins', async () => {
    const another = word('another new key');
    const moved = termsWith(({ validator, ...node }) => {
      return { ...node, validator: { ...validator, key: another } };
    });
    const change = stakedSuccessor(four, moved, FOUR);
    await carryChanges(carrier, good);
    const reason =
      'the ledger has another key in the place of that of the validator of pharmacy: propose the change again with the present one';
    const invalid = failsWith('SUCCESSOR_INVALID', { reason });
    await assert.rejects(requireStakes(sourceOf(), change), invalid);
    assert.equal((await findContradicted(sourceOf([change])))?.reason, reason);
    const replaced = failsWith('RULE_REFUSED', { reason: 'KeyWasReplaced' });
    await assert.rejects(carryChanges(carrier, change), replaced);
    assert.equal((await readStake(carrier.ledger, contract(), another)).change, 0);
    const half = { ...change, stakes: change.stakes.filter(({ message }) => message.amount > 0) };
    const beside = failsWith('RULE_REFUSED', { reason: 'StakeBeside' });
    await assert.rejects(carryChanges(carrier, half), beside);
    assert.deepEqual(await stakes(), [0, 10]);
  });

  it('leaves a change of the former key done that was finished before', async () => {
    const raised = termsWith(({ validator, ...node }) => {
      return { ...node, validator: { ...validator, stake: 20 } };
    });
    const change = { ...stakedSuccessor(four, raised, FOUR), from: BEGIN };
    await carryChanges(carrier, change);
    clock.advance(1000 * (DELAY + 1));
    assert.equal(await carryChanges(carrier, change), true);
    assert.equal(await carryChanges(carrier, good), true);
    assert.deepEqual(await stakes(), [0, 20]);
    assert.equal(await carryChanges(carrier, change), true);
    assert.equal(await findContradicted(sourceOf([change])), undefined);
  });

  it('is refused with a deadline more than a day ahead', async () => {
    const { replacement = assert.fail() } = good;
    const far = { message: { ...replacement.message, deadline: BEGIN + 86_401 }, signatures: [] };
    const reason = 'its replacement of the key of pharmacy must have a deadline within a day';
    const invalid = failsWith('SUCCESSOR_INVALID', { reason });
    await assert.rejects(requireStakes(sourceOf(), { ...good, replacement: far }), invalid);
    const refused = failsWith('RULE_REFUSED', { reason: 'DeadlineFar' });
    const later = { ...far.message, deadline: BEGIN + 10 * 86_400 };
    const given = { ...good, replacement: { message: later, signatures: [] } };
    await assert.rejects(carryChanges(carrier, given), refused);
  });
});

/** Terms in which an organisation has no validator. */
function without(organisation: string): SuccessorTerms {
  return termsWith(({ validator: _validator, ...node }) => node, organisation);
}
