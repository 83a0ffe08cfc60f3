import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { AttestedFacts, FactsQuery } from '../../protocol/evidence/facts.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { confirmFacts } from './confirmFacts.ts';
import type { Party } from '../party/Party.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

type Answers = readonly AttestedFacts[];

/** The doctor at an agent that makes something else of the coordinators' answers. */
function deceived(change: (given: Answers, query: FactsQuery) => unknown): Party {
  const { doctor } = care;
  return behind(doctor, {
    facts: async (query) => {
      const given = await doctor.agent.facts(query);
      return (await change(given, query)) as Answers;
    },
  });
}

/** The facts changed, and signed again by someone. */
function resigned({ facts, attestation }: AttestedFacts, change: object, name = 'liar'): object {
  const changed = { ...facts, ...change };
  const signer = signatory(name);
  const { signature } = sign(care.doctor, signer, 'Attestation', attestation);
  return { facts: changed, attestation, coordinator: signer.address, signature };
}

async function assertNotBelieved(party: Party): Promise<void> {
  const { handle, patient } = care;
  for (const query of [
    { handle },
    { party: patient.address },
    { handle, party: patient.address },
  ]) {
    await assert.rejects(confirmFacts(party, query), failsWith('KEY_UNAUTHENTIC'));
  }
}

describe('what coordinators confirm', () => {
  it('is what k of them say alike, whatever else comes with it', async () => {
    const { handle, patient } = care;
    const rest = [null, 'yes', {}, { facts: {} }, { attestation: null }];
    for (const noise of [[], rest]) {
      const party = deceived(([one, two]) => [...noise, one, ...noise, two]);
      const facts = await confirmFacts(party, { handle, party: patient.address });
      assert.equal(facts.patient?.controller, patient.address);
      assert.equal(facts.party?.role, 'patient');
    }
  });

  it('is that someone is unknown where k of them say so', async () => {
    const facts = await confirmFacts(care.doctor, { party: signatory('nobody').address });
    assert.equal(facts.party, undefined);
  });

  const lies: [string, (given: Answers, query: FactsQuery) => unknown][] = [
    ['nothing', () => undefined],
    ['no list', () => ({ length: 3 })],
    ['one answer three times', ([one]) => [one, one, one]],
    [
      'one answer under three names',
      (given) => given.map(({ coordinator }) => ({ ...given[0], coordinator })),
    ],
    [
      'altered facts',
      (given) => given.map((each) => ({ ...each, facts: { ...each.facts, grants: [] } })),
    ],
    ['another epoch', (given) => given.map((each) => altered(each, { epoch: 7 }))],
    [
      'another recipient',
      (given) => given.map((each) => alteredParty(each, { recipient: word('x') })),
    ],
    ['facts of liars', (given) => given.map((each, n) => resigned(each, {}, `liar ${n}`))],
    ['answers without signatures', (given) => given.map((each) => ({ ...each, signature: '0x' }))],
    [
      'a later moment',
      (given) => given.map((each) => ({ ...each, attestation: { ...each.attestation, at: 1 } })),
    ],
  ];
  for (const [name, lie] of lies) {
    it(`is not ${name}`, async () => await assertNotBelieved(deceived(lie)));
  }

  it('is missing, and nobody lied, if too few coordinators could be reached', async () => {
    for (const got of [0, 1]) {
      const party = deceived((given) => given.slice(0, got));
      const error = await confirmFacts(party, { handle: care.handle }).catch(
        (each: unknown) => each,
      );
      assert.ok(isMedsealError(error, 'VERDICTS_MISSING'));
      assert.deepEqual(error.values, { got, needed: 2 });
    }
  });

  it('is not one answer beside one of a stranger', async () => {
    await assertNotBelieved(deceived(([one]) => [one, one && resigned(one, {})]));
  });

  it('is not an answer to an earlier nonce', async () => {
    const { agent } = care.doctor;
    const replayed = deceived(
      async (_, query) => await agent.facts({ ...query, nonce: word('old') }),
    );
    await assertNotBelieved(replayed);
    const first: Answers[] = [];
    const stale = deceived((given) => {
      first.push(given);
      return first[0];
    });
    await confirmFacts(stale, { handle: care.handle });
    await assert.rejects(
      confirmFacts(stale, { handle: care.handle }),
      failsWith('KEY_UNAUTHENTIC'),
    );
  });

  it('is not an answer to another question, nor a missing answer', async () => {
    const { agent } = care.doctor;
    for (const other of [
      {},
      { party: care.stranger.address },
      { handle: word('nobody') },
      { handle: care.handle, party: care.stranger.address },
    ]) {
      const lie = deceived(async (_, { nonce }) => await agent.facts({ ...other, nonce }));
      await assertNotBelieved(lie);
    }
  });

  it('is not an answer of another day, which accuses a clock and nobody', async () => {
    const party = deceived((given) => given);
    for (const off of [61_000, -61_000]) {
      const clock = { ...party.clock, now: () => network.clock.now() + off };
      const late = { ...party, clock };
      await assert.rejects(
        confirmFacts(late, { handle: care.handle }),
        failsWith('CLOCK_SKEWED', { limit: 60 }),
      );
    }
  });

  it('is not an answer of another day that lies as well', async () => {
    const party = deceived(([first]) => [first && resigned(first, { asked: {} })]);
    const clock = { ...party.clock, now: () => network.clock.now() + 61_000 };
    await assertNotBelieved({ ...party, clock });
  });

  it('is nothing if coordinators disagree', async () => {
    const { agent } = care.doctor;
    const split = deceived(async (given, query) => {
      const [, , third] = await agent.facts({ ...query, handle: word('other') });
      return [given[0], third];
    });
    await assert.rejects(
      confirmFacts(split, { handle: care.handle }),
      failsWith('KEY_UNAUTHENTIC'),
    );
  });
});

function altered(given: AttestedFacts, change: object): object {
  return { ...given, facts: { ...given.facts, patient: { ...given.facts.patient, ...change } } };
}

function alteredParty(given: AttestedFacts, change: object): object {
  return { ...given, facts: { ...given.facts, party: { ...given.facts.party, ...change } } };
}
