import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { keepPatientState } from '../../client/state/keepPatientState.ts';
import type { Party } from '../../client/party/Party.ts';
import { readPatientState, type KnownGrant } from '../../client/state/PatientState.ts';
import { viewChart } from '../../client/records/viewChart.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { submissionOf, viewOf } from '../../node/test/requests.ts';
import { sayingItKeeps } from '../../node/test/sayingItKeeps.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  everything,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ContributorPort, DepositCopy } from '../ports.ts';

const OTHERS = ['laboratory', 'insurer'];
let network: TestNetwork;
let patient: Party;
let reader: Party;
let handle: Handle;

before(async () => {
  network = await startTestNetwork();
  patient = await network.party('patient');
  reader = await network.party('doctor');
  await commitEpochs(patient, 2);
  ({ handle } = await readPatientState(patient));
});
afterEach(() => network.liars.contributor.clear());
after(async () => await network.close());

/** Sets what the other organisations answer in place of the truth. */
function others(lie: Partial<ContributorPort>): void {
  for (const name of OTHERS) {
    network.liars.contributor.set(name, { ...network.services(name).contributor, ...lie });
  }
}

/** A right whose packet the reader's organisation alone keeps: the others say that they do. */
async function givenAlone(): Promise<KnownGrant> {
  for (const name of OTHERS) {
    const { contributor } = network.services(name);
    network.liars.contributor.set(name, { ...contributor, ...sayingItKeeps(network, name) });
  }
  const given = await grantRight(patient, {
    ...everything(reader),
    until: Math.floor(network.clock.now() / 1000) + 3600,
  });
  network.liars.contributor.clear();
  return given;
}

async function packetBy({ grant }: KnownGrant): Promise<Base64 | undefined> {
  return (await viewChart(reader, { handle, grant, purpose: 'TREAT' })).packet;
}

async function catchUp(name: string): Promise<void> {
  await network.services(name).contributor.catchUp();
}

describe('a packet that a second organisation keeps, which answers late each time', () => {
  it('is released though the third says at once that it keeps none', async () => {
    const right = await givenAlone();
    await catchUp('insurer');
    others({ keptCopies: async () => await Promise.resolve([null]) });
    const { contributor } = network.services('insurer');
    network.liars.contributor.set('insurer', {
      ...contributor,
      keptCopies: async (ids) => {
        await new Promise(setImmediate);
        network.clock.advance(60);
        return await contributor.keptCopies(ids);
      },
    });
    assert.ok(await packetBy(right));
  });
});

describe('a packet that one organisation alone keeps', () => {
  it('is released to nobody, and the view is evidence all the same', async () => {
    const right = await givenAlone();
    const { acknowledgement, packet } = await viewChart(reader, {
      handle,
      grant: right.grant,
      purpose: 'TREAT',
    });
    assert.equal(packet, undefined);
    assert.ok(acknowledgement.verdicts.length > 1);
  });

  it('is released once a quorum for a view keeps it, and no matter who keeps it then', async () => {
    const right = await givenAlone();
    assert.equal(await packetBy(right), undefined);
    await catchUp('insurer');
    const packet = await packetBy(right);
    assert.ok(packet);
    others({ keptCopies: async () => await Promise.resolve([null]) });
    assert.equal(await packetBy(right), packet);
  });

  // @attack a peer says that it keeps a packet, and does not, so that it is released early | who counts as a keeper gives the copy itself, equal to the agent's
  it('is not released by the word of others, who have to give what they keep', async () => {
    const right = await givenAlone();
    const { contributor } = network.services('hospital');
    const { kept } = await contributor.keptAfter(0);
    const copies = await contributor.keptCopies(kept.map(({ id }) => id));
    const [own, another] = copies.toReversed();
    assert.ok(own && 'submission' in own && another);
    const { submission } = own;
    const [packet] = submission.packets ?? [];
    assert.ok(packet?.grant === right.digest);
    const altered = { ...packet, packet: packet.packet.replace(/^..../, 'AAAA') };
    const lies: unknown[] = [
      true,
      'yes',
      {},
      { patient: null },
      { submission: null },
      another,
      { submission: { ...submission, packets: [] } },
      { submission: { ...submission, packets: [altered] } },
      { submission: { ...submission, keep: undefined } },
    ];
    for (const lie of lies) {
      others({ keptCopies: async () => await Promise.resolve([lie as DepositCopy]) });
      assert.equal(await packetBy(right), undefined, JSON.stringify(lie));
    }
    others({ keptCopies: async () => await Promise.resolve([own]) });
    assert.ok(await packetBy(right));
  });

  it('is not released to who asks the same again, until then', async () => {
    const right = await givenAlone();
    const care: Care = { patient, doctor: reader, stranger: patient, handle, right };
    const submission = submissionOf(care, 'View', viewOf(care));
    const ask = async (): Promise<Base64 | undefined> => {
      const [outcome] = await reader.agent.submit([submission]);
      assert.ok(outcome?.outcome === 'acknowledged');
      return outcome.release?.packet;
    };
    assert.equal(await ask(), undefined);
    assert.equal(await ask(), undefined);
    await catchUp('laboratory');
    assert.ok(await ask());
  });

  const answers: [string, () => Promise<unknown>][] = [
    ['say that they have it not', async () => await Promise.resolve([null])],
    ['say nothing', async () => await Promise.resolve([])],
    ['give no list', async () => await Promise.resolve({ 0: 'it' })],
    ['give nothing at all', async () => await Promise.resolve(undefined)],
    [
      'cannot be reached',
      async () => await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'it' })),
    ],
  ];
  for (const [what, keptCopies] of answers) {
    it(`is not released where the others ${what}, though they keep it`, async () => {
      const right = await givenAlone();
      for (const name of OTHERS) await catchUp(name);
      others({ keptCopies: keptCopies as ContributorPort['keptCopies'] });
      assert.equal(await packetBy(right), undefined);
      network.liars.contributor.clear();
      assert.ok(await packetBy(right));
    });
  }
});

describe('a packet that its patient took back', () => {
  it('is released no more, also after the node started again, until another takes its place', async () => {
    const right = await grantRight(patient, everything(reader));
    const packet = await packetBy(right);
    assert.ok(packet);
    await keep(right, 1, '');
    assert.equal(await packetBy(right), undefined);
    await network.restart('hospital');
    assert.equal(await packetBy(right), undefined);
    await keep(right, 1, packet);
    assert.equal(await packetBy(right), packet);
  });

  // @attack a grantee is sealed an old packet for a past epoch | nodes take only an empty one for it
  it('may be one of a past epoch, for which nothing else is taken, and no keys turn by that', async () => {
    const suspended = await network.party('doctor');
    const right = await grantRight(patient, { ...everything(suspended), actions: ['read'] });
    const released = async (): Promise<Base64 | undefined> => {
      const { grant } = right;
      return (await viewChart(suspended, { handle, grant, purpose: 'TREAT' })).packet;
    };
    const packet = await released();
    assert.ok(packet);
    await suspend(network, suspended, 1);
    const epoch = await add();
    await assert.rejects(keep(right, epoch - 1, packet), failsWith('EPOCH_STALE'));
    await keep(right, epoch - 1, '');
    assert.equal(await add(), epoch);
    await suspend(network, suspended, 2);
    assert.equal(await released(), undefined);
  });
});

describe('a packet that was taken back while the node was away', () => {
  // @attack a node that was away hands out a packet that was taken back meanwhile | others are asked first what came meanwhile
  it('is released no more once it can ask others, before it has caught up', async () => {
    const right = await takenBackUnheard();
    assert.equal(await packetBy(right), undefined);
  });

  it('is not released after a start either', async () => {
    const right = await takenBackUnheard();
    await network.restart('hospital');
    assert.equal(await packetBy(right), undefined);
  });

  it('is not released where one of the others is away too', async () => {
    for (const name of OTHERS) {
      const right = await takenBackUnheard();
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, { ...contributor, keptAfter: away });
      assert.equal(await packetBy(right), undefined);
      network.liars.contributor.clear();
    }
  });

  it('is not released while nobody says what came meanwhile, and the view is evidence all the same', async () => {
    const right = await takenBackUnheard();
    others({ keptAfter: away });
    const { grant } = right;
    const seen = await viewChart(reader, { handle, grant, purpose: 'TREAT' });
    assert.equal(seen.packet, undefined);
    assert.ok(seen.acknowledgement.verdicts.length > 1);
  });

  it('is not released while somebody takes long to tell all of it', async () => {
    const right = await takenBackUnheard();
    const silent = Promise.withResolvers<never>();
    others({
      keptAfter: async () => {
        setImmediate(() => network.clock.advance(5000));
        return await silent.promise;
      },
    });
    assert.equal(await packetBy(right), undefined);
    silent.reject(new Error('it is gone'));
  });

  it('gives way to the one that took its place', async () => {
    const right = await takenBackUnheard();
    const newer = 'bmV3ZXI=';
    await unheard(async () => await keep(right, await presentEpoch(), newer));
    assert.equal(await packetBy(right), newer);
  });
});

describe('a packet that is good', () => {
  // @attack a peer tells endlessly what it keeps, or says nothing, so that no packet is released | n − k + f others are enough, within 5 seconds
  it('is released by a node that missed nothing, while one of the others is away', async () => {
    const right = await grantRight(patient, everything(reader));
    network.clock.advance(1000);
    const silent = Promise.withResolvers<never>();
    const { contributor } = network.services('insurer');
    network.liars.contributor.set('insurer', {
      ...contributor,
      keptAfter: async () => {
        setImmediate(() => network.clock.advance(60));
        return await silent.promise;
      },
    });
    assert.ok(await packetBy(right));
    silent.reject(new Error('it is gone'));
  });

  it('has the others asked what came meanwhile once a second at most', async () => {
    const right = await grantRight(patient, everything(reader));
    network.clock.advance(1000);
    let asked = 0;
    for (const name of OTHERS) {
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, {
        ...contributor,
        keptAfter: async (place) => {
          asked += 1;
          return await contributor.keptAfter(place);
        },
      });
    }
    for (let views = 0; views < 5; views++) assert.ok(await packetBy(right));
    await Promise.all(OTHERS.map(async () => await packetBy(right)));
    assert.ok(asked > 0 && asked <= 2 * OTHERS.length, String(asked));
  });
});

/** A right whose packet was released, and of which this node does not hear that it was taken back. */
async function takenBackUnheard(): Promise<KnownGrant> {
  const right = await grantRight(patient, everything(reader));
  assert.ok(await packetBy(right));
  await unheard(async () => await keep(right, await presentEpoch(), ''));
  return right;
}

/** Lets time pass after something of which this node does not hear. */
async function unheard(work: () => Promise<unknown>): Promise<void> {
  const { contributor } = network.services('hospital');
  network.liars.contributor.set('hospital', { ...contributor, keep: away, keepRules: away });
  await work();
  network.liars.contributor.clear();
  network.clock.advance(1000);
}

/** Adds something, and gives the epoch that it is sealed to. */
async function add(): Promise<number> {
  const content = new Uint8Array([1]);
  await addRecord(patient, { handle, category: 'vitals', content, purpose: 'PATRQT' });
  return await presentEpoch();
}

async function presentEpoch(): Promise<number> {
  return (await confirmFacts(patient, { handle })).patient?.epoch ?? 0;
}

/** Fails like an organisation that cannot be reached. */
async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'it' }));
}

async function keep(right: KnownGrant, epoch: number, packet: Base64): Promise<void> {
  const packets = [{ grant: right.digest, epoch, packet }];
  await keepPatientState(patient, await readPatientState(patient), packets);
}
