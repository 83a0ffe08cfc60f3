import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import type { Party } from '../../client/party/Party.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { AttestedFacts, PartyFacts } from '../../protocol/evidence/facts.ts';
import {
  coordinators as keys,
  network as sample,
  primitives,
  signatory,
  word,
} from '../../protocol/test/sampleNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { CoordinatorPort, FactsAsked } from '../ports.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import { Circuits } from '../quorum/Circuits.ts';
import { collectFacts } from './collectFacts.ts';

let network: TestNetwork;
let doctor: Party;

before(async () => {
  network = await startTestNetwork();
  doctor = await network.party('doctor');
});
after(async () => await network.close());

async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
}

describe('facts that coordinators attest', () => {
  it('are asked for as of the block at which the party’s own node stands, and do not name it', async () => {
    const { coordinator } = network.services('laboratory');
    const asked: FactsAsked[] = [];
    network.liars.coordinator.set('laboratory', {
      ...coordinator,
      attest: async (query) => {
        asked.push(query);
        return await coordinator.attest(query);
      },
    });
    const patient = await network.party('patient');
    const facts = await confirmFacts(doctor, { party: patient.address });
    network.liars.coordinator.clear();
    // The ledger has one block for each enrolment at least.
    assert.ok((asked.at(-1)?.block ?? 0) >= 2);
    assert.deepEqual(facts.asked, { party: patient.address });
  });

  const lies: readonly ((answer: AttestedFacts) => AttestedFacts)[] = [
    ({ facts, ...rest }) => ({ ...rest, facts: { asked: facts.asked } }),
    (answer) => ({ ...answer, facts: { ...answer.facts, asked: {} } }),
    (answer) => ({ ...answer, signature: `0x${'11'.repeat(65)}` }),
  ];
  for (const [place, lie] of lies.entries()) {
    // @attack a coordinator signs true facts but sends false ones, so that nobody waits for a slower one | only an answer that the asker can count ends the waiting
    it(`wait for k whom the asker can count, not for a malformed answer (${place})`, async () => {
      const [insurer, laboratory] = ['insurer', 'laboratory'].map(
        (name) => network.services(name).coordinator,
      );
      assert.ok(insurer && laboratory);
      const slow = Promise.withResolvers<void>();
      network.liars.coordinator.set('insurer', {
        ...insurer,
        attest: async (query) => lie(await insurer.attest(query)),
      });
      network.liars.coordinator.set('laboratory', {
        ...laboratory,
        attest: async (query) => {
          await slow.promise;
          return await laboratory.attest(query);
        },
      });
      const asking = confirmFacts(doctor, { party: doctor.address });
      asking.catch(() => undefined);
      await turns();
      network.clock.advance(600);
      await turns();
      slow.resolve();
      assert.equal((await asking).party?.party, doctor.address);
      network.liars.coordinator.clear();
    });
  }
});

describe('facts while validators have a new block at different times', () => {
  const { ledger } = sample;
  const ofValidators = { ...sample, ledger: { ...ledger, chain: `medseal-${'5a'.repeat(16)}` } };
  const query = { nonce: word('nonce'), party: signatory('doctor').address };

  /** Asks coordinators, of which each says what is given of each round in turn; returns their statements. */
  async function statements(
    file: typeof sample,
    rounds: readonly (readonly (number | undefined)[])[],
  ): Promise<{ readonly standings: readonly (number | undefined)[]; readonly asked: number }> {
    const clock = new TestClock(1_800_000_000_000);
    const context = { domain: domainOf(file), primitives };
    const asked = keys.map(() => 0);
    const coordinators = keys.map((key, place) => ({
      async attest({ nonce, block: _block, ...rest }: FactsAsked): Promise<AttestedFacts> {
        const round = Math.min(asked[place] ?? 0, rounds.length - 1);
        asked[place] = (asked[place] ?? 0) + 1;
        const standing = rounds[round]?.[place];
        if (standing === undefined) throw new Error('away');
        const party: PartyFacts = {
          party: query.party,
          role: 'doctor',
          organisation: 'hospital',
          suspended: false,
          standing,
          recipient: word('recipient'),
        };
        const facts = { asked: rest, party };
        const attestation = {
          nonce,
          facts: bytesToHex(primitives.sha256(utf8ToBytes(canonicalJson(facts)))),
          at: 1_800_000_000,
        };
        const { signature } = sign(context, key, 'Attestation', attestation);
        return await Promise.resolve({ facts, attestation, coordinator: key.address, signature });
      },
    })) as unknown as readonly CoordinatorPort[];
    const [identity] = file.channels.flatMap(({ logs }) => logs);
    const log = { identity } as unknown as Parameters<typeof collectFacts>[0]['log'];
    const index = {
      block: 7,
      refresh: async () => await Promise.resolve(),
    } as unknown as LedgerIndex;
    const agent = { index, network: file, log, clock, circuits: new Circuits(clock), coordinators };
    const asking = collectFacts({ ...agent, ...context }, query);
    for (let step = 0; step < 40; step++) {
      await turns();
      clock.advance(100);
    }
    const answers = await asking;
    return {
      standings: answers.map(({ facts }) => facts.party?.standing),
      asked: Math.max(...asked),
    };
  }

  it('are asked for again until k coordinators agree', async () => {
    const late = [
      [2, 1, undefined],
      [2, 1, undefined],
      [2, 2, undefined],
    ];
    assert.deepEqual(await statements(ofValidators, late), { standings: [2, 2], asked: 3 });
  });

  it('are given as they are once they have differed for three seconds', async () => {
    const { standings, asked } = await statements(ofValidators, [[3, 2, 1]]);
    assert.deepEqual(standings, [3, 2, 1]);
    assert.ok(asked > 10 && asked <= 31, `asked ${asked} times`);
  });

  it('are asked for once if too few coordinators can be reached', async () => {
    const away = [[1, undefined, undefined]];
    assert.deepEqual(await statements(ofValidators, away), { standings: [1], asked: 1 });
  });

  it('are asked for once if the ledger is at one organisation, which all ask', async () => {
    assert.deepEqual(await statements(sample, [[3, 2, 1]]), { standings: [3, 2, 1], asked: 1 });
  });
});
