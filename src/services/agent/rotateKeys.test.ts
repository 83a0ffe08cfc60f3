import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { grantRight, type RightGiven } from '../../client/rights/grantRight.ts';
import { openSealed } from '../../client/records/openSealed.ts';
import type { Party } from '../../client/party/Party.ts';
import { readPatientState, type KnownGrant } from '../../client/state/PatientState.ts';
import { readChart } from '../../client/records/readChart.ts';
import { sealPacket } from '../../client/epochs/sealPacket.ts';
import { sealVersion } from '../../client/records/sealVersion.ts';
import { keepPatientState } from '../../client/state/keepPatientState.ts';
import { logVersion } from '../../client/records/logVersion.ts';
import { viewChart } from '../../client/records/viewChart.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { judgedBody, writeOf } from '../../node/test/requests.ts';
import { sayingItKeeps } from '../../node/test/sayingItKeeps.ts';
import { suspend } from '../../node/test/suspend.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Packet } from '../../protocol/rights/epochs.ts';
import { ZERO32, type Bytes32, type Handle } from '../../protocol/ids.ts';
import type { Advance, Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { sortable } from '../../database/sortable.ts';
import type { DepositPage } from '../ports.ts';

const MINUTE = 60;
let network: TestNetwork;
/** A patient at epoch 1 of 3, a reader for a minute, and an author who may add for an hour. */
let patient: Party;
let reader: Party;
let author: Party;
let handle: Handle;
let reading: KnownGrant;
let writing: KnownGrant;

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());
beforeEach(async () => {
  patient = await network.party('patient');
  reader = await network.party('doctor');
  author = await network.party('doctor');
  await commitEpochs(patient, 3);
  ({ handle } = await readPatientState(patient));
  reading = await grantRight(
    patient,
    for_(reader, { actions: ['read'], until: inSeconds(MINUTE) }),
  );
  writing = await grantRight(patient, for_(author, { actions: ['add'] }));
});

function inSeconds(later: number): number {
  return Math.floor(network.clock.now() / 1000) + later;
}

function for_(party: Party, right: Partial<RightGiven>): RightGiven {
  return { ...everything(party), until: inSeconds(60 * MINUTE), ...right };
}

async function add(note: string): Promise<Write> {
  const added = await addRecord(author, {
    handle,
    category: 'laboratory',
    content: utf8ToBytes(note),
    purpose: 'TREAT',
    grant: writing.grant,
  });
  const { request } = JSON.parse(added.acknowledgement.body) as { request: { message: Write } };
  return request.message;
}

async function epochNow(): Promise<number | undefined> {
  return (await confirmFacts(patient, { handle })).patient?.epoch;
}

/** Every identity in every packet that any node keeps for a grant, as its grantee could have been given them. */
async function keysOf(party: Party, grant: Bytes32): Promise<string[]> {
  const keys = new Set<string>();
  for (const organisation of ['hospital', 'laboratory', 'insurer']) {
    const database = network.database(organisation, 'kept');
    const range = { gte: `packet/${grant}/`, lt: `packet/${grant}0` };
    for (const value of await database.values(range).all()) {
      const packet = await openSealed<Packet>(party, handle, JSON.parse(value) as string);
      for (const epoch of Object.values(packet.identities)) {
        for (const identity of Object.values(epoch)) keys.add(identity);
      }
    }
  }
  return [...keys];
}

/** Opens a sealed file that lies before a grantee, with all the keys that were ever sealed to it. */
async function openWithAll(party: Party, grant: Bytes32, file: Bytes32): Promise<string> {
  const sealed = await collectBytes(network.services().contributor.file(file));
  return bytesToUtf8(await openBytes(await keysOf(party, grant), sealed));
}

/** Returns the packet of an epoch that the reader's organisation keeps for the reader. */
async function packetFor(epoch: number): Promise<string | undefined> {
  const prefix = `packet/${reading.digest}/${sortable(epoch)}/`;
  const rows = network.database('hospital', 'kept').values({ gte: prefix, lt: `${prefix}~` });
  const [row] = await rows.all();
  return row && (JSON.parse(row) as string);
}

/** A right that only one organisation is told of when it is given. */
async function givenBehind(others: readonly string[]): Promise<KnownGrant> {
  const right = for_(reader, { actions: ['read'], until: inSeconds(MINUTE) });
  return await behind(others, async () => await grantRight(patient, right));
}

/** Does something that other organisations are not told to keep. */
async function behind<Result>(
  others: readonly string[],
  act: () => Promise<Result>,
): Promise<Result> {
  for (const name of others) {
    const { contributor } = network.services(name);
    network.liars.contributor.set(name, { ...contributor, ...sayingItKeeps(network, name) });
  }
  const result = await act();
  network.liars.contributor.clear();
  return result;
}

/** Has nodes keep a packet for a coming epoch, as a patient's device may seal ahead. */
async function sealAhead(known: KnownGrant, epoch: number): Promise<void> {
  const state = await readPatientState(patient);
  const packet = await sealPacket(patient, state, known, { epoch, recipient: reader.recipient });
  await keepPatientState(patient, state, [packet]);
}

describe('while rights hold', () => {
  it('no coordinator signs that an epoch begins, and none does', async () => {
    const advance: Advance = { handle, epoch: 2, packets: ZERO32, deadline: inSeconds(300) };
    for (const organisation of ['hospital', 'laboratory', 'insurer']) {
      const { coordinator } = network.services(organisation);
      await assert.rejects(coordinator.advance([advance]), failsWith('NOT_YET'));
    }
    network.clock.advance(30_000);
    await add('in time');
    assert.equal(await epochNow(), 1);
  });

  it('what is added is open to whoever may read', async () => {
    const { file } = await add('for the reader');
    assert.equal(await openWithAll(reader, reading.digest, file), 'for the reader');
  });
});

describe('a right that ended by its date, on a ledger if nothing happens', () => {
  beforeEach(() => network.clock.advance(MINUTE * 1000));
  afterEach(() => network.liars.coordinator.clear());

  // @peer EHRChain: a read key was never withdrawn | it is outrun by the next epoch
  it('opens nothing that is added afterwards, though the file lies before its grantee', async () => {
    const { file, epoch } = await add('after the end');
    assert.equal(epoch, 2);
    await assert.rejects(openWithAll(reader, reading.digest, file), failsWith('SEAL_UNREADABLE'));
    const wanted = { handle, grant: reading.grant, purpose: 'TREAT' } as const;
    await assert.rejects(readChart(reader, wanted), failsWith('RIGHT_ENDED'));
  });

  it('turns keys though one organisation says at once that none has, and the other is late', async () => {
    const laboratory = network.services('laboratory').coordinator;
    network.liars.coordinator.set('laboratory', {
      ...laboratory,
      advance: async () => await Promise.reject(new MedsealError('NOT_YET', { what: 'end' })),
    });
    const insurer = network.services('insurer').coordinator;
    network.liars.coordinator.set('insurer', {
      ...insurer,
      advance: async (advances) => {
        await new Promise(setImmediate);
        network.clock.advance(60);
        return await insurer.advance(advances);
      },
    });
    const { epoch } = await add('between a liar and one far away');
    assert.equal(epoch, 2);
  });

  it('is known to have ended by every coordinator, which signs one epoch and no more', async () => {
    const advance: Advance = { handle, epoch: 2, packets: ZERO32, deadline: inSeconds(300) };
    for (const organisation of ['hospital', 'laboratory', 'insurer']) {
      const { coordinator } = network.services(organisation);
      assert.equal((await coordinator.advance([advance])).length, 1);
      const wrong: [
        Partial<Advance>,
        'NOT_YET' | 'REQUEST_LATE' | 'REQUEST_EARLY' | 'REQUEST_MALFORMED',
      ][] = [
        [{ epoch: 1 }, 'NOT_YET'],
        [{ epoch: 3 }, 'NOT_YET'],
        [{ deadline: inSeconds(-1) }, 'REQUEST_LATE'],
        [{ deadline: inSeconds(601) }, 'REQUEST_EARLY'],
        [{ packets: reading.digest }, 'REQUEST_MALFORMED'],
      ];
      for (const [change, code] of wrong) {
        await assert.rejects(coordinator.advance([{ ...advance, ...change }]), failsWith(code));
      }
    }
    assert.equal(await epochNow(), 2);
    await add('one');
    await add('two');
    assert.equal(await epochNow(), 2);
  });

  it('lets nothing through that was sealed before and comes after', async () => {
    const late = {
      handle,
      category: 'laboratory',
      content: utf8ToBytes('late'),
      purpose: 'TREAT',
      grant: writing.grant,
    } as const;
    network.clock.advance(-1000);
    const sealed = await sealVersion(author, `0x${'5e'.repeat(32)}`, late);
    network.clock.advance(1000);
    assert.equal(sealed.epoch, 1);
    await assert.rejects(logVersion(author, sealed), failsWith('EPOCH_STALE', { epoch: 2 }));
  });

  it('is refused by coordinators where the agent does not see to it', async () => {
    const care = { patient, doctor: author, stranger: reader, handle, right: writing };
    const deadline = inSeconds(300);
    const write = await writeOf(care, { deadline });
    const request = sign(author, author, 'Write', write);
    for (const organisation of ['hospital', 'laboratory', 'insurer']) {
      const { coordinator } = network.services(organisation);
      const bodies = [judgedBody(network, care, request)];
      const { refused, verdict } = await coordinator.judge({ log: 'care/hospital', bodies });
      assert.equal(refused[0]?.problem.code, 'EPOCH_DUE');
      assert.deepEqual(refused[0]?.problem.values, { epoch: 2 });
      assert.equal(verdict, undefined);
    }
  });

  it('turns the keys once, however many come at a time', async () => {
    const notes = Array.from({ length: 12 }, (_, index) => `note ${index}`);
    const added = await Promise.all(notes.map(add));
    for (const { epoch } of added) assert.equal(epoch, 2);
    assert.equal(await epochNow(), 2);
  });

  it('stops additions if no further epoch is committed, until the patient commits to more', async () => {
    await sealAhead(reading, 3);
    await assert.rejects(add('beyond'), failsWith('EPOCHS_EXHAUSTED'));
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    assert.equal(own.records.length, 0);
    await commitEpochs(patient, 8);
    assert.equal((await add('fourth epoch')).epoch, 4);
  });

  it('turns the keys past every epoch that its grantee has keys of', async () => {
    await sealAhead(reading, 2);
    const { file, epoch } = await add('after the end');
    assert.equal(epoch, 3);
    await assert.rejects(openWithAll(reader, reading.digest, file), failsWith('SEAL_UNREADABLE'));
  });
});

describe('a right whose keys reach many epochs ahead', () => {
  it('turns the keys past all of them in few transactions', async () => {
    await commitEpochs(patient, 30);
    await sealAhead(reading, 25);
    network.clock.advance(MINUTE * 1000);
    const before = await network.ledger.request({ method: 'eth_blockNumber', params: [] });
    assert.equal((await add('after all of them')).epoch, 26);
    const later = await network.ledger.request({ method: 'eth_blockNumber', params: [] });
    assert.ok(Number(later) - Number(before) < 10);
  });
});

describe('a party that is suspended', () => {
  // @actor a stolen phone | to go on after the suspension
  it('opens nothing that is added from then on, and gets a key again when that is lifted', async () => {
    await readChart(reader, { handle, grant: reading.grant, purpose: 'TREAT' });
    await suspend(network, reader, 1);
    const { file, epoch } = await add('while suspended');
    assert.equal(epoch, 2);
    await assert.rejects(openWithAll(reader, reading.digest, file), failsWith('SEAL_UNREADABLE'));
    const wanted = { handle, grant: reading.grant, purpose: 'TREAT' } as const;
    await assert.rejects(readChart(reader, wanted), failsWith('PARTY_SUSPENDED'));
    await suspend(network, reader, 2);
    const chart = await readChart(reader, wanted);
    assert.throws(() => chart.identityFor(2, 'laboratory'), failsWith('KEY_PENDING'));
    assert.ok(chart.identityFor(1, 'laboratory'));
  });
});

describe('an organisation that alone was given a packet for a coming epoch', () => {
  beforeEach(async () => {
    await behind(['laboratory', 'insurer'], async () => await sealAhead(reading, 2));
    const { contributor } = network.services('hospital');
    // Nobody reads there what it keeps.
    const keptAfter = async (place: number): Promise<DepositPage> => {
      return { ...(await contributor.keptAfter(place)), kept: [] };
    };
    network.liars.contributor.set('hospital', { ...contributor, keptAfter });
    network.clock.advance(MINUTE * 1000);
  });
  afterEach(() => network.liars.contributor.clear());

  it('has the keys turn as far as the others agree, and takes what they agree to', async () => {
    assert.equal((await add('after the end')).epoch, 2);
    assert.equal(await epochNow(), 2);
  });

  it('is agreed with once they have it too, though they put the right aside before', async () => {
    network.clock.advance(2 * MINUTE * 1000);
    assert.equal((await add('put aside by two')).epoch, 2);
    network.liars.contributor.clear();
    for (const name of ['laboratory', 'insurer'])
      await network.services(name).contributor.catchUp();
    const { file, epoch } = await add('after the packet came');
    assert.equal(epoch, 3);
    await assert.rejects(openWithAll(reader, reading.digest, file), failsWith('SEAL_UNREADABLE'));
  });
});

describe('a coordinator that judged a view without a packet', () => {
  it('says of the right’s end what one says that did not judge it', async () => {
    const other = await network.party('doctor');
    const wanted = { handle, grant: reading.grant, purpose: 'TREAT' } as const;
    const until = reading.grant.terms.until;
    await grantRight(patient, for_(other, { actions: ['read'], until }));
    await suspend(network, other, 1);
    assert.equal((await add('the keys turned, and the reader has the old ones')).epoch, 2);
    network.liars.coordinator.set('laboratory', {
      ...network.services('laboratory').coordinator,
      judge: async () =>
        await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' })),
    });
    const { packet } = await viewChart(reader, wanted);
    assert.equal(packet, await packetFor(1));
    network.liars.coordinator.clear();
    network.clock.advance(3 * MINUTE * 1000);
    const advance: Advance = { handle, epoch: 3, packets: ZERO32, deadline: inSeconds(300) };
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      const { coordinator } = network.services(name);
      await assert.rejects(coordinator.advance([advance]), failsWith('NOT_YET'), name);
    }
    assert.equal((await add('after the end')).epoch, 2);
  });
});

describe('an organisation that was not told of a right', () => {
  it('learns when it ends from its first use, before any key is released', async () => {
    const right = await givenBehind(['laboratory', 'insurer']);
    const known = async (name: string): Promise<boolean> => {
      const rows = network.database(name, 'kept').keys({ gte: 'end/', lt: 'end0' });
      return (await rows.all()).some((key) => key.endsWith(right.digest));
    };
    assert.deepEqual([await known('laboratory'), await known('insurer')], [false, false]);
    await readChart(reader, { handle, grant: right.grant, purpose: 'TREAT' });
    assert.deepEqual([await known('laboratory'), await known('insurer')], [true, true]);
  });

  it('turns the keys when the coordinators say that it must', async () => {
    const right = await givenBehind(['hospital']);
    network.clock.advance(MINUTE * 1000);
    await network.database('hospital', 'kept').del(`end/${handle}/${reading.digest}`);
    await network.restart('hospital');
    const { file, epoch } = await add('after the end');
    assert.equal(epoch, 2);
    await assert.rejects(openWithAll(reader, right.digest, file), failsWith('SEAL_UNREADABLE'));
  });
});
