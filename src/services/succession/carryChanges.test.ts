import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { contractCreations } from '../../bindings/contractCreations.ts';
import { readStake } from '../../bindings/readStake.ts';
import { openEmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import { openSender } from '../../ledger/openSender.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { coordinatorsIn } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { officeChangesOf } from '../../protocol/network/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import {
  consortium,
  FROM,
  movedTerms,
  nodeOf,
  stakedSuccessor,
} from '../../protocol/test/sampleConsortium.ts';
import { context, primitives, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { seatsOf, termsOf, withCoordinator } from '../../protocol/test/sampleSuccessors.ts';
import { carryChanges, type RulesCarrier } from './carryChanges.ts';
import type { ComparedLedger } from './ComparedLedger.ts';
import { findContradicted } from './findContradicted.ts';
import { requireRules } from './requireRules.ts';
import { requireStakes } from './requireStakes.ts';

/** Changes of stakes and offices, brought to the contracts on the embedded ledger, as any node would. */

const DELAY = 3600;
const BEGIN = FROM - 2 * DELAY;
const [care = assert.fail()] = consortium.channels;
const everybody = ['hospital', 'laboratory', 'insurer'];
const moved = movedTerms(consortium, ['pharmacy'], ['hospital']);
const good = stakedSuccessor(consortium, moved, ['laboratory', 'insurer']);
const joins = word('validator of pharmacy');
const leaves = word('validator of hospital');
let clock: TestClock;
let carrier: RulesCarrier;
let other: RulesCarrier;

beforeEach(async () => {
  clock = new TestClock(1000 * BEGIN);
  const { chainId } = consortium.ledger;
  const accounts = everybody.map((name) => signatory(`sender of ${name}`));
  const [founder = assert.fail(), second = assert.fail()] = accounts;
  const ledger = await openEmbeddedLedger({
    database: new MemoryDatabase(),
    chainId,
    genesis: { timestamp: BEGIN, senders: accounts.map(({ address }) => address) },
    clock,
    primitives,
  });
  const senderOf = ({ signingKey: secret }: typeof founder) =>
    openSender({ provider: ledger, chainId, secret, primitives, clock });
  const sender = senderOf(founder);
  const creations = contractCreations({
    networkId: consortium.networkId,
    authority: consortium.authority,
    coordinators: coordinatorsIn(care),
    delay: DELAY,
    stakes: everybody.map((organisation) => {
      return { organisation, key: word(`validator of ${organisation}`), amount: 10 };
    }),
    deployer: founder.address,
    nonce: 0,
  });
  for (const { data } of creations) await sender.send({ data });
  const named = creations.map(({ contract, address }) => [contract, address] as const);
  const contracts = Object.fromEntries(named) as unknown as NetworkFile['contracts'];
  carrier = { ...context, network: { contracts }, ledger, sender, clock };
  other = { ...carrier, sender: senderOf(second) };
});

/** Only what concerns validators: the Registry's offices have tests of their own. */
async function carry(
  { stakes, from }: Pick<Successor, 'stakes' | 'from'>,
  by = carrier,
): Promise<boolean> {
  return await carryChanges(by, { offices: [], stakes, from });
}

async function stakeOf(key: typeof joins): Promise<readonly [amount: number, change: number]> {
  const { amount, change } = await readStake(
    carrier.ledger,
    carrier.network.contracts.validators ?? assert.fail(),
    key,
  );
  return [amount, change];
}

describe('changes of stakes at the ledger', () => {
  it('begin when they are published, and are finished from the successor’s moment on', async () => {
    await requireStakes(sourceOf(carrier), good);
    assert.equal(await carry(good), false);
    assert.equal(await carry(good, other), false);
    assert.deepEqual(await stakeOf(joins), [0, 1]);
    assert.deepEqual(await stakeOf(leaves), [10, 1]);
    await requireStakes(sourceOf(carrier), good);
    // The contract's delay has passed, but the file that names the newcomer is not in force.
    clock.advance(1000 * (DELAY + 60));
    assert.equal(await carry(good), false);
    assert.deepEqual(await stakeOf(joins), [0, 1]);
    clock.advance(1000 * DELAY);
    const both = await Promise.all([carry(good), carry(good, other)]);
    assert.deepEqual(both, [true, true]);
    assert.deepEqual(await stakeOf(joins), [10, 1]);
    assert.deepEqual(await stakeOf(leaves), [0, 1]);
    assert.equal(await carry(good), true);
  });

  it('of one organisation’s key begin with the one that takes, and end with it', async () => {
    const another = word('another validator of hospital');
    const nodes = (consortium.founders ?? []).map(({ validator, ...node }) =>
      node.organisation === 'hospital' && validator
        ? { ...node, validator: { ...validator, key: another } }
        : { ...node, ...(validator && { validator }) },
    );
    const change = stakedSuccessor(consortium, { ...termsOf(consortium, FROM), nodes }, everybody);
    const half = { ...change, stakes: change.stakes.filter(({ message }) => message.amount > 0) };
    const beside = failsWith('RULE_REFUSED', { reason: 'StakeBeside' });
    await assert.rejects(carry(half), beside);
    assert.equal(await carry(change), false);
    assert.deepEqual(
      [await stakeOf(another), await stakeOf(leaves)],
      [
        [0, 1],
        [10, 1],
      ],
    );
    clock.advance(3000 * DELAY);
    const both = await Promise.all([carry(change), carry(change, other)]);
    assert.deepEqual(both, [true, true]);
    assert.deepEqual(
      [await stakeOf(another), await stakeOf(leaves)],
      [
        [10, 1],
        [0, 1],
      ],
    );
  });

  it('are begun by several nodes at once, of which one is the first', async () => {
    const both = await Promise.all([carry(good), carry(good, other)]);
    assert.deepEqual(both, [false, false]);
    assert.deepEqual(await stakeOf(joins), [0, 1]);
  });

  it('are not finished before the ledger’s delay, whatever a successor says of its moment', async () => {
    const hasty = { ...good, from: BEGIN };
    await carry(hasty);
    assert.equal(await carry(hasty), false);
    assert.deepEqual(await stakeOf(joins), [0, 1]);
  });

  it('are refused with too few signatures, or those of others', async () => {
    const quorum = failsWith('RULE_REFUSED', { reason: 'QuorumMissing' });
    const few = stakedSuccessor(consortium, moved, ['insurer']);
    await assert.rejects(carry(few), quorum);
    await assert.rejects(carry({ ...good, stakes: unsigned(good) }), quorum);
    const elsewhere = { ...consortium, networkId: word('another network') };
    const foreign = stakedSuccessor(
      elsewhere,
      movedTerms(elsewhere, ['pharmacy'], ['hospital']),
      everybody,
    );
    await assert.rejects(carry(foreign), failsWith('RULE_REFUSED'));
    assert.deepEqual(await stakeOf(joins), [0, 0]);
  });

  it('are refused with a number that is stale or skips one, for another’s key, and after their deadline', async () => {
    const invalid = failsWith('SUCCESSOR_INVALID');
    for (const part of [{ change: 2 }, { change: 9 }]) {
      await assert.rejects(requireStakes(sourceOf(carrier), altered(part)), invalid);
      await assert.rejects(carry(altered(part)), failsWith('RULE_REFUSED'));
    }
    const others = altered({ key: word('validator of laboratory') });
    await assert.rejects(requireStakes(sourceOf(carrier), others), invalid);
    await assert.rejects(carry(others), failsWith('RULE_REFUSED', { reason: 'StakeInvalid' }));
    const late = altered({ deadline: BEGIN - 1 });
    await assert.rejects(carry(late), failsWith('RULE_REFUSED', { reason: 'DeadlinePassed' }));
    await carry(good);
    clock.advance(2000 * DELAY);
    await carry(good);
    const again = stakedSuccessor(consortium, movedTerms(consortium, [], ['hospital']), everybody);
    // Its number was used, so it cannot be begun again.
    assert.equal(await carry(again), true);
    const { stakes } = again;
    const stale = stakes.map((rule) => ({ ...rule, message: { ...rule.message, change: 0 } }));
    await assert.rejects(requireStakes(sourceOf(carrier), { stakes: stale, from: FROM }), invalid);
  });

  // @attack a change of stake that was signed and dropped is begun in the place of the new one with the same number | a node compares the hash of what was begun, and not its number alone
  it('are refused if the ledger began another one of the same number, finished or not', async () => {
    // Signed and dropped: the same number, another stake.
    const nodes = [...(moved.nodes ?? []).slice(0, -1), nodeOf('pharmacy', 7)];
    const dropped = stakedSuccessor(consortium, { ...moved, nodes }, everybody);
    const reason =
      'the ledger began another change 1 of the stake of pharmacy: draft it again with the number 2';
    const refused = failsWith('SUCCESSOR_INVALID', { reason });
    await carry(dropped, other);
    await assert.rejects(requireStakes(sourceOf(carrier), good), refused);
    await assert.rejects(carry(good), failsWith('RULE_REFUSED', { reason: 'ChangeUnknown' }));
    await requireStakes(sourceOf(carrier), dropped);
    clock.advance(2000 * DELAY);
    assert.equal(await carry(dropped), true);
    await assert.rejects(requireStakes(sourceOf(carrier), good), refused);
    await requireStakes(sourceOf(carrier), dropped);
  });

  // @attack a lying node keeps a signed successor back until its change of a stake cannot begin any more, and shows it then | a change that is not begun must be within its deadline, and its delay over before the successor holds
  it('are refused when they are heard after their deadline, or too late for the ledger’s delay', async () => {
    clock.advance(1000 * (DELAY + 1));
    await assert.rejects(
      requireStakes(sourceOf(carrier), good),
      failsWith('SUCCESSOR_INVALID', {
        reason: `it must not be in force before ${BEGIN + 2 * DELAY + 1}, after the delay of the ledger`,
      }),
    );
    await requireStakes(sourceOf(carrier), { ...good, from: FROM + 1 });
    clock.advance(1000 * DELAY);
    await assert.rejects(
      requireStakes(sourceOf(carrier), { ...good, from: FROM + 9 * DELAY }),
      failsWith('SUCCESSOR_INVALID', {
        reason: `its change of the stake of pharmacy had to begin until ${FROM}`,
      }),
    );
    // One that was begun in time holds, and not before its delay is over.
    clock.advance(-1000 * (2 * DELAY + 1));
    await carry(good);
    clock.advance(3000 * DELAY);
    await requireStakes(sourceOf(carrier), good);
    await assert.rejects(
      requireStakes(sourceOf(carrier), { ...good, from: BEGIN }),
      failsWith('SUCCESSOR_INVALID'),
    );
  });

  it('leave the last validator its stake', async () => {
    const all = stakedSuccessor(
      consortium,
      movedTerms(consortium, ['pharmacy'], ['hospital', 'laboratory']),
      everybody,
    );
    const only = { ...all, stakes: all.stakes.filter(({ message }) => message.amount === 0) };
    await carry(only);
    const last = stakedSuccessor(
      consortium,
      movedTerms(consortium, ['pharmacy'], ['insurer', 'laboratory']),
      everybody,
    );
    const third = last.stakes.filter(({ message }) => message.key === word('validator of insurer'));
    await carry({ ...last, stakes: third });
    clock.advance(3000 * DELAY);
    assert.equal(await carry(only), true);
    await assert.rejects(
      carry({ ...last, stakes: third }),
      failsWith('RULE_REFUSED', { reason: 'ValidatorLast' }),
    );
  });

  it('are refused while that of a known successor for the same key is begun and not finished', async () => {
    const next = { ...good, from: FROM + 9 * DELAY, stakes: numbered(good.stakes, 2) };
    const knowing = sourceOf(carrier, [good]);
    await carry(good);
    const moment = new Date(1000 * FROM).toISOString();
    const reason = `change 1 of the stake of pharmacy is not made yet: publish this one once that is in force, from ${moment} on`;
    await assert.rejects(requireStakes(knowing, next), failsWith('SUCCESSOR_INVALID', { reason }));
    await requireStakes(knowing, good);
    await requireStakes(sourceOf(carrier), next);
    clock.advance(3000 * DELAY);
    assert.equal(await carry(good), true);
    await requireStakes(knowing, next);
  });

  it('are refused where the ledger has no validators', async () => {
    const { validators: _validators, ...contracts } = carrier.network.contracts;
    const alone = { ...carrier, network: { contracts } };
    await assert.rejects(requireStakes(sourceOf(alone), good), failsWith('SUCCESSOR_INVALID'));
    await assert.rejects(carry(good, alone), failsWith('RULE_REFUSED'));
    await requireStakes(sourceOf(alone), { stakes: [], from: FROM });
  });
});

describe('changes of offices at the ledger', () => {
  const ours = withOffices('ours');
  const dropped = withOffices('dropped');

  // @attack a change of an office that was signed and dropped is begun in the place of the new one with the same number | the same
  it('are refused if the ledger began another change of the office with the same number, finished or not', async () => {
    await requireRules(sourceOf(carrier), ours);
    assert.equal(await carryChanges(other, dropped), false);
    const reason =
      'the ledger began another change 1 of the coordinators: draft it again with the number 2';
    await assert.rejects(
      requireRules(sourceOf(carrier), ours),
      failsWith('SUCCESSOR_INVALID', { reason }),
    );
    const unknown = failsWith('RULE_REFUSED', { reason: 'ChangeUnknown' });
    await assert.rejects(carryChanges(carrier, ours), unknown);
    await requireRules(sourceOf(carrier), dropped);
    clock.advance(1000 * (DELAY + 60));
    assert.equal(await carryChanges(carrier, dropped), true);
    await assert.rejects(requireRules(sourceOf(carrier), ours), failsWith('SUCCESSOR_INVALID'));
    await assert.rejects(carryChanges(carrier, ours), unknown);
    await requireRules(sourceOf(carrier), dropped);
  });

  it('are begun and finished by several nodes at once, of which one is the first', async () => {
    for (const isDone of [false, true]) {
      const both = await Promise.all([carryChanges(carrier, ours), carryChanges(other, ours)]);
      assert.deepEqual(both, [isDone, isDone]);
      clock.advance(1000 * (DELAY + 60));
    }
  });

  it('are refused to those who begin or finish another one at once', async () => {
    const unknown = failsWith('RULE_REFUSED');
    const begun = await Promise.allSettled([
      carryChanges(carrier, ours),
      carryChanges(other, dropped),
    ]);
    assert.deepEqual(begun.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    const [first, last] = begun[0].status === 'fulfilled' ? [ours, dropped] : [dropped, ours];
    clock.advance(1000 * (DELAY + 60));
    await assert.rejects(carryChanges(carrier, last), unknown);
    assert.equal(await carryChanges(carrier, first), true);
    await assert.rejects(carryChanges(carrier, last), unknown);
  });

  it('are refused while that of a known successor is begun and not made', async () => {
    const next = { ...dropped, from: FROM + 9 * DELAY, offices: numbered(dropped.offices, 2) };
    await carryChanges(carrier, ours);
    const knowing = sourceOf(carrier, [ours]);
    const moment = new Date(1000 * FROM).toISOString();
    const reason = `change 1 of the coordinators is not made yet: publish this one once that is in force, from ${moment} on`;
    await assert.rejects(requireRules(knowing, next), failsWith('SUCCESSOR_INVALID', { reason }));
    await requireRules(knowing, ours);
    // Nobody keeps a successor with the one that was begun: it was dropped.
    await requireRules(sourceOf(carrier), next);
    await requireRules(sourceOf(carrier, [dropped]), next);
    clock.advance(1000 * (DELAY + 60));
    await assert.rejects(requireRules(knowing, next), failsWith('SUCCESSOR_INVALID'));
    assert.equal(await carryChanges(carrier, ours), true);
    await requireRules(knowing, next);
  });

  it('are refused when they are heard after their deadline', async () => {
    const late = { ...ours, from: FROM + 9 * DELAY };
    await requireRules(sourceOf(carrier), late);
    clock.advance(1000 * (2 * DELAY + 1));
    await assert.rejects(
      requireRules(sourceOf(carrier), late),
      failsWith('SUCCESSOR_INVALID', {
        reason: `its change of the coordinators had to begin until ${FROM}`,
      }),
    );
  });
});

/** The successor among these that the ledger contradicts. */
async function found(...successors: readonly Successor[]): Promise<string | undefined> {
  const contradicted = await findContradicted(sourceOf(carrier, successors));
  return contradicted && `${contradicted.number}: ${contradicted.reason}`;
}

describe('successors that were kept without the ledger', () => {
  const ours = { ...withOffices('ours'), number: 1 };
  const dropped = withOffices('dropped');

  it('agree with a ledger that can begin their changes, has begun or has finished them', async () => {
    assert.equal(await found(), undefined);
    for (const [successor, by] of [
      [good, carrier],
      [ours, other],
    ] as const) {
      assert.equal(await found(successor), undefined);
      await carryChanges(by, successor);
      assert.equal(await found(successor), undefined);
    }
    clock.advance(3000 * DELAY);
    for (const successor of [good, ours]) {
      // Their moment has come, and nobody has finished them yet.
      assert.equal(await found(successor), undefined);
      assert.equal(await carryChanges(carrier, successor), true);
      assert.equal(await found(good, ours), undefined);
    }
  });

  // @actor who keeps the ledger away | to have a dropped change kept unseen
  it('are contradicted by a ledger that began another change, or made it', async () => {
    const nodes = [...(moved.nodes ?? []).slice(0, -1), nodeOf('pharmacy', 7)];
    await carry(stakedSuccessor(consortium, { ...moved, nodes }, everybody), other);
    assert.match((await found(good)) ?? '', /began another change 1 of the stake of pharmacy/);
    await carryChanges(other, dropped);
    const began =
      '1: the ledger began another change 1 of the coordinators: draft it again with the number 2';
    assert.equal(await found(ours), began);
    assert.equal(await found(dropped), undefined);
    clock.advance(3000 * DELAY);
    assert.equal(await found(ours), began);
    assert.equal(await carryChanges(other, dropped), true);
    assert.equal(await found(ours), '1: the ledger made another change 1 of the coordinators');
  });

  it('are contradicted by a ledger in which nothing was begun in time', async () => {
    clock.advance(1000 * (2 * DELAY + 1));
    const late = 'had to begin until';
    assert.ok((await found(ours))?.includes(late));
    assert.ok((await found(good))?.includes(late));
  });

  it('are compared by the newest change of each office and stake, for the ledger has no other', async () => {
    await carryChanges(carrier, ours);
    await carryChanges(carrier, good);
    clock.advance(3000 * DELAY);
    await carryChanges(carrier, ours);
    await carryChanges(carrier, good);
    const from = FROM + 9 * DELAY;
    const next = { ...dropped, number: 2, from, offices: numbered(dropped.offices, 2) };
    assert.equal(await found(ours, next), undefined);
    const skips = { ...next, offices: numbered(dropped.offices, 3) };
    assert.match((await found(ours, skips)) ?? '', /^2: .*the ledger expects 2$/);
    // Once the ledger began another change of the key, nothing there tells of the one before.
    const older = { ...good, stakes: numbered(good.stakes, 0) };
    assert.equal(await found(older), undefined);
  });

  it('leave no trace at the ledger if they change neither an office nor a stake', async () => {
    const address = { ...good, offices: [], stakes: [] };
    clock.advance(9000 * DELAY);
    assert.equal(await found(address), undefined);
  });
});

/** The ledger as an agent asks it that knows some successors; its newest block is as old as the clock says. */
function sourceOf(by: RulesCarrier, successors: readonly Successor[] = []): ComparedLedger {
  return {
    ...by,
    succession: { successors },
    index: {
      refresh: async () => await Promise.resolve(),
      get moment() {
        return clock.now() / 1000;
      },
    },
  };
}

/** A successor with another coordinator of the insurer, and the change of the office that belongs to it. */
function withOffices(name: string): Successor {
  const key = signatory(`${name} coordinator of insurer`);
  const { channels, ...rest } = termsOf(consortium, FROM);
  const terms = {
    ...rest,
    channels: channels.map((channel) => withCoordinator(channel, 'insurer', key)),
  };
  const made = successorOf(primitives, consortium, terms);
  const offices = officeChangesOf(consortium, made).map((each) => {
    return { ...each, change: 1, deadline: FROM };
  });
  const draft = draftSuccessor(context, consortium, terms, { offices });
  return signSuccessor(context, consortium, draft, everybody.flatMap(seatsOf));
}

/** Changes with another number, which begin within a longer time. */
function numbered<
  Rule extends { readonly message: { readonly change: number; readonly deadline: number } },
>(rules: readonly Rule[], change: number): readonly Rule[] {
  return rules.map((rule) => {
    return { ...rule, message: { ...rule.message, change, deadline: FROM + 9 * DELAY } };
  });
}

function unsigned({ stakes }: Successor): Successor['stakes'] {
  return stakes.map(({ message }) => ({ message, signatures: [] }));
}

/** The newcomer's change with other terms, and the signatures of the right ones. */
function altered(
  part: Partial<Successor['stakes'][number]['message']>,
): Pick<Successor, 'stakes' | 'from'> {
  const [first = assert.fail()] = good.stakes;
  return { from: FROM, stakes: [{ ...first, message: { ...first.message, ...part } }] };
}
