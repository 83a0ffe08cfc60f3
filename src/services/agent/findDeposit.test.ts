import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import type { Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { PartyCard } from '../../protocol/AgentPort.ts';
import { isProvenSheet } from '../../protocol/rights/isProvenSheet.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ContributorPort } from '../ports.ts';

let network: TestNetwork;
let patient: Party;

before(async () => {
  network = await startTestNetwork();
  network.liars.contributor.set('laboratory', {
    ...network.services('laboratory').contributor,
    keep: away,
    keepRules: away,
  });
  patient = await network.party('patient');
  await commitEpochs(patient, 2);
  network.liars.contributor.clear();
});

after(async () => {
  await network.close();
});

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'it' }));
}

describe('an organisation that was away', () => {
  it('gives sheets and cards all the same, as its peers keep them', async () => {
    const { handle } = await readPatientState(patient);
    const [own, other] = [network.agent('laboratory'), network.agent('hospital')];
    const asked = { handle, epoch: 1 };
    assert.deepEqual(await own.sheet(asked), await other.sheet(asked));
    assert.equal((await own.card(patient.address)).recipient, patient.recipient);
  });

  it('believes no peer that gives another sheet or card, however fast it answers', async () => {
    const { handle } = await readPatientState(patient);
    const real = network.services('hospital').contributor;
    const truth = await network.agent('hospital').sheet({ handle, epoch: 1 });
    const other = await network.agent('hospital').sheet({ handle, epoch: 2 });
    const lies: Partial<ContributorPort>[] = [
      { sheet: async () => await Promise.resolve(other) },
      { sheet: async () => await Promise.resolve({ ...truth, proof: [] }) },
      { sheet: async () => await Promise.resolve({} as typeof truth) },
      { card: async (party) => await Promise.resolve({ party, recipient: 'age1pq1other' }) },
      { card: async () => await Promise.resolve({} as PartyCard) },
    ];
    for (const lie of lies) {
      network.liars.contributor.set('hospital', { ...real, ...lie });
      const own = network.agent('laboratory');
      assert.deepEqual(await own.sheet({ handle, epoch: 1 }), truth);
      assert.equal((await own.card(patient.address)).recipient, patient.recipient);
    }
    network.liars.contributor.clear();
  });

  it('believes no peer that says it does not exist, while another that answers late may have it', async () => {
    const { handle } = await readPatientState(patient);
    const truth = await network.agent('hospital').sheet({ handle, epoch: 1 });
    const hospital = network.services('hospital').contributor;
    network.liars.contributor.set('hospital', {
      ...hospital,
      sheet: async () => await Promise.reject(new MedsealError('NOT_FOUND', { what: 'sheet' })),
    });
    const insurer = network.services('insurer').contributor;
    network.liars.contributor.set('insurer', {
      ...insurer,
      sheet: async (wanted) => {
        await new Promise(setImmediate);
        network.clock.advance(60);
        return await insurer.sheet(wanted);
      },
    });
    assert.deepEqual(await network.agent('laboratory').sheet({ handle, epoch: 1 }), truth);
    network.liars.contributor.clear();
  });

  it('says of what nobody keeps that it is not there, also while no peer can be reached', async () => {
    const { handle } = await readPatientState(patient);
    await assert.rejects(
      network.agent('laboratory').sheet({ handle, epoch: 9 }),
      failsWith('NOT_FOUND'),
    );
    for (const name of ['hospital', 'insurer']) {
      network.liars.contributor.set(name, { ...network.services(name).contributor, sheet: away });
    }
    await assert.rejects(
      network.agent('laboratory').sheet({ handle, epoch: 1 }),
      failsWith('NOT_FOUND'),
    );
    network.liars.contributor.clear();
  });

  it('gives sheets of the next commitment before its first epoch begins', async () => {
    const { handle } = await readPatientState(patient);
    await commitEpochs(patient, 4);
    const { patient: facts } = await confirmFacts(patient, { handle });
    assert.ok(facts?.next);
    assert.deepEqual([facts.epoch, facts.next.first, facts.next.count], [1, 2, 4]);
    for (const epoch of [1, 2, 5]) {
      const served = await network.agent('laboratory').sheet({ handle, epoch });
      const committed = epoch === 1 ? facts : { handle, ...facts.next };
      assert.ok(isProvenSheet(patient.primitives, committed, epoch, served), `${epoch}`);
    }
  });
});
