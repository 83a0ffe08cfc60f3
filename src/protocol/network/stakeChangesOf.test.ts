import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countSuccessor } from './countSuccessor.ts';
import { followSuccessors } from './followSuccessors.ts';
import { organisationId } from './networkLookups.ts';
import type { Founder } from './NetworkFile.ts';
import { parseNetworkFile } from './parseNetworkFile.ts';
import { signerOf } from '../struct/signing.ts';
import { draftSuccessor, signSuccessor } from './signSuccessor.ts';
import { stakeChangesOf } from './stakeChangesOf.ts';
import { successorOf } from './successorOf.ts';
import { failsWith } from '../test/failsWith.ts';
import { consortium, FROM, movedTerms, nodeOf, stakedSuccessor } from '../test/sampleConsortium.ts';
import { context, primitives, word } from '../test/sampleNetwork.ts';
import { fileOf, seatsOf, termsOf } from '../test/sampleSuccessors.ts';

const moved = movedTerms(consortium, ['pharmacy'], ['hospital']);
const good = stakedSuccessor(consortium, moved, ['laboratory', 'insurer']);

function refuses(value: typeof good, reason: string, network = consortium): void {
  const invalid = failsWith('SUCCESSOR_INVALID', { reason });
  assert.throws(() => countSuccessor(context, network, value), invalid);
}

/** Terms that change the nodes alone. */
function withNodes(...nodes: readonly Founder[]): typeof moved {
  return { ...termsOf(consortium, FROM), nodes };
}

describe('stakes of validators in a successor', () => {
  it('are given to those who join before they are taken from those who leave', () => {
    assert.deepEqual(
      good.stakes.map(({ message }) => message),
      [
        { organisation: 'pharmacy', amount: 10 },
        { organisation: 'hospital', amount: 0 },
      ].map(({ organisation, amount }) => ({
        organisation: organisationId(organisation),
        key: word(`validator of ${organisation}`),
        amount,
        change: 1,
        deadline: FROM,
      })),
    );
    const [, made = assert.fail()] = followSuccessors(context, consortium, fileOf(good));
    assert.deepEqual(parseNetworkFile(made), made);
    // The ledger began with the founders, whoever holds it now.
    assert.deepEqual(made.founders, consortium.founders);
    assert.deepEqual(stakeChangesOf(made, made), []);
  });

  it('are signed by the coordinators who are in office, each once', () => {
    for (const { message, signatures } of good.stakes) {
      const signers = signatures.map((each) => signerOf(context, 'StakeChange', message, each));
      const seats = ['laboratory', 'insurer'].map((name) => seatsOf(name)[1]?.address);
      assert.deepEqual(signers, seats);
    }
    const again = signSuccessor(context, consortium, good, seatsOf('insurer'));
    assert.deepEqual(again, good);
    const leaver = signSuccessor(context, consortium, good, seatsOf('hospital'));
    assert.deepEqual(
      leaver.stakes.map(({ signatures }) => signatures.length),
      [3, 3],
    );
    assert.throws(
      () => signSuccessor(context, consortium, good, seatsOf('pharmacy')),
      failsWith('SIGNATURE_INVALID'),
    );
  });

  it('need the coordinators’ quorum even if no channel changes', () => {
    const more = withNodes(nodeOf('hospital', 20), nodeOf('laboratory'), nodeOf('insurer'));
    const [member = assert.fail(), coordinator = assert.fail()] = seatsOf('hospital');
    const [other = assert.fail()] = seatsOf('insurer');
    const draft = stakedSuccessor(consortium, more, []);
    assert.equal(draft.stakes.length, 1);
    const half = signSuccessor(context, consortium, draft, [member, other]);
    const { missing } = countSuccessor(context, consortium, half);
    assert.deepEqual(missing, [{ office: 'the coordinators of care', count: 2 }]);
    const one = signSuccessor(context, consortium, half, [coordinator]);
    assert.throws(
      () => followSuccessors(context, consortium, fileOf(one)),
      failsWith('SUCCESSOR_INVALID'),
    );
    // Another address of a validator leaves its stake as it is.
    const [hospital = assert.fail(), ...others] = consortium.founders ?? [];
    assert.ok(hospital.validator !== undefined);
    const address = 'elsewhere.example:26656';
    const nodes = [{ ...hospital, validator: { ...hospital.validator, address } }, ...others];
    const terms = withNodes(...nodes);
    const elsewhere = draftSuccessor(context, consortium, terms);
    assert.deepEqual(
      countSuccessor(context, consortium, elsewhere).missing.map(({ office }) => office),
      ['the authority'],
    );
  });

  it('are refused if one is missing, twice there, or another than that of the file', () => {
    const [joins = assert.fail(), leaves = assert.fail()] = good.stakes;
    const foreign = 'it has a change of a stake that does not belong to it';
    refuses({ ...good, stakes: [] }, 'it lacks the change of a stake at the ledger');
    refuses({ ...good, stakes: [joins] }, 'it lacks the change of a stake at the ledger');
    refuses({ ...good, stakes: [joins, joins] }, foreign);
    refuses({ ...good, stakes: [...good.stakes, leaves] }, foreign);
    for (const part of [
      { amount: 11 },
      { key: word('a stranger’s validator') },
      { organisation: organisationId('mallory') },
    ]) {
      const other = { ...joins, message: { ...joins.message, ...part } };
      refuses({ ...good, stakes: [other, leaves] }, foreign);
      refuses({ ...good, stakes: [joins, leaves, other] }, foreign);
    }
    const none = draftSuccessor(context, consortium, termsOf(consortium, FROM));
    refuses({ ...none, stakes: [joins] }, foreign);
  });

  it('are refused for a key of another organisation', () => {
    const [hospital = assert.fail(), ...others] = consortium.founders ?? [];
    const { validator: taken } = hospital;
    assert.ok(taken !== undefined);
    const { nodes = [] } = moved;
    const thief = nodes.map((node) =>
      node.organisation === 'pharmacy' ? { ...node, validator: taken } : node,
    );
    const made = stakeChangesOf(
      consortium,
      successorOf(primitives, consortium, { ...moved, nodes: thief }),
    );
    assert.deepEqual(made, []);
    refuses(
      { ...good, nodes: thief, stakes: [] },
      'the validator of pharmacy has the key of that of hospital',
    );
    const twice = [hospital, ...others.map((node) => ({ ...node, validator: taken }))];
    assert.throws(
      () => draftAndCount(withNodes(...twice)),
      failsWith('NETWORK_FILE_INVALID', {
        reason: 'two keys, nodes or addresses of validators are alike',
      }),
    );
  });

  it('are refused if the last validator would leave, or there is more stake than there can be', () => {
    const [hospital = assert.fail(), ...others] = consortium.founders ?? [];
    const bare = [hospital, ...others].map(({ validator: _validator, ...node }) => node);
    assert.throws(
      () => draftAndCount(withNodes(...bare)),
      failsWith('NETWORK_FILE_INVALID', { reason: 'it has no validator' }),
    );
    assert.throws(
      () => draftAndCount(withNodes(nodeOf('hospital', 1_000_000_001), ...others)),
      failsWith('NETWORK_FILE_INVALID', { reason: 'the stake of a validator is too large' }),
    );
    const one = withNodes(hospital, ...bare.slice(1));
    const alone = stakedSuccessor(consortium, one, ['hospital', 'insurer']);
    assert.equal(followSuccessors(context, consortium, fileOf(alone)).length, 2);
  });

  it('are refused in a network whose ledger is at one organisation', () => {
    const founders = consortium.founders?.map(({ validator: _validator, ...node }) => node);
    const { validators: _validators, ...contracts } = consortium.contracts;
    const { chain: _chain, ...ledger } = consortium.ledger;
    const alone = { ...consortium, ...(founders && { founders }), contracts, ledger };
    const draft = draftSuccessor(context, alone, termsOf(alone, FROM));
    countSuccessor(context, alone, draft);
    assert.throws(
      () =>
        countSuccessor(context, alone, {
          ...draft,
          nodes: [nodeOf('hospital'), ...(founders ?? []).slice(1)],
        }),
      failsWith('NETWORK_FILE_INVALID', {
        reason: 'it has validators, but no name of their chain',
      }),
    );
  });
});

function draftAndCount(terms: typeof moved): void {
  const made = successorOf(primitives, consortium, terms);
  const stakes = stakeChangesOf(consortium, made).map((each) => {
    return { ...each, change: 1, deadline: FROM };
  });
  countSuccessor(context, consortium, draftSuccessor(context, consortium, terms, { stakes }));
}
