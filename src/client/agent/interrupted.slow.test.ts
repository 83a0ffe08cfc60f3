import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { listGrants } from '../rights/listGrants.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { DIED, dyingDevice } from '../test/dyingDevice.ts';
import { placesToCut } from '../test/placesToCut.ts';

const HOUR = 3600;
let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ seed: 'interrupted' });
});
after(async () => await network.close());

/** A patient's chart with someone who may add, and two who may read, of whom the second is the later to end. */
interface World {
  readonly patient: Party;
  readonly author: Party;
  readonly reader: Party;
  readonly writing: GrantGiven;
  readonly reading: GrantGiven;
  readonly ending: GrantGiven;
}

async function world(): Promise<World> {
  const patient = await network.party('patient');
  const [author, reader, other] = [
    await network.party('doctor'),
    await network.party('doctor'),
    await network.party('doctor'),
  ];
  await commitEpochs(patient, 6);
  const until = Math.floor(network.clock.now() / 1000) + HOUR;
  const right = { categories: ['vitals'], purpose: 'TREAT' } as const;
  const give = async (party: Party, action: 'add' | 'read', later: number): Promise<GrantGiven> =>
    await grantRight(patient, {
      ...right,
      grantee: party.address,
      actions: [action],
      until: until + later,
    });
  const writing = await give(author, 'add', 0);
  const reading = await give(reader, 'read', 0);
  // It outlives the other, so packets were sealed ahead to its grantee.
  const ending = await give(other, 'read', HOUR);
  return { patient, author, reader, writing, reading, ending };
}

/** Dies at every so many of the steps that change something, and once at each kind of them. */
const EVERY = Number(process.env['EVERY'] ?? 2);

/**
 * Does something with a device that dies at its steps that change something, in turn, both ways. An erasure is cut off
 * in `restoredFromWords.slow.test.ts`.
 */
async function atSteps(
  run: (world: World, party: Party) => Promise<unknown>,
  check: (world: World, where: string) => Promise<void>,
): Promise<number> {
  const rehearsal = await world();
  const counted = dyingDevice(rehearsal.patient, Infinity, true);
  await run(rehearsal, counted.party);
  const places = placesToCut(counted.calls(), EVERY);
  assert.ok(places.length > 0);
  for (const step of places) {
    for (const done of [false, true]) {
      const theirs = await world();
      const { party } = dyingDevice(theirs.patient, step, done);
      const where = `step ${step}, ${done ? 'done' : 'not done'}`;
      // Work that is left for later may fail silently.
      await run(theirs, party).catch((error: Error) => assert.equal(error.message, DIED, where));
      await check(theirs, where);
    }
  }
  return places.length;
}

async function add({ author, writing }: World, text: string): Promise<void> {
  await addRecord(author, {
    handle: writing.grant.handle,
    category: 'vitals',
    content: utf8ToBytes(text),
    purpose: 'TREAT',
    grant: writing.grant,
  });
}

async function lastRead(party: Party, given?: GrantGiven): Promise<string> {
  const { handle } = given?.grant ?? (await readPatientState(party));
  const wanted = given
    ? ({ handle, grant: given.grant, purpose: 'TREAT' } as const)
    : ({ handle, purpose: 'PATRQT' } as const);
  const chart = await readChart(party, wanted);
  const record = chart.records.at(-1);
  assert.ok(record);
  return bytesToUtf8((await readRecord(party, chart, record)).content);
}

async function newDevice({ patient }: World): Promise<Party> {
  const party = await furtherDevice(network, patient);
  const { unknown } = await restorePatient(party);
  assert.deepEqual(unknown, []);
  return party;
}

describe('a device that dies', () => {
  it('at any step of a revocation leaves the right whole or ended, and everyone’s keys in order', async (t) => {
    const steps = await atSteps(
      async ({ ending }, party) => await revokeRight(party, ending.digest),
      async (theirs, where) => {
        const { patient, reader, reading, ending } = theirs;
        const { handle } = ending.grant;
        const { grant } = await confirmFacts(patient, { handle, grant: ending.digest });
        if (grant?.state === 'active') await revokeRight(patient, ending.digest);
        await refreshPackets(patient);
        await add(theirs, where);
        assert.equal(await lastRead(reader, reading), where);
        const epoch = (await confirmFacts(patient, { handle })).patient?.epoch ?? 0;
        const { sealedTo } = (await readPatientState(patient)).grants.at(-1) ?? { sealedTo: 0 };
        assert.ok(epoch > Math.max(2, sealedTo), `${where}: epoch ${epoch}`);
        assert.equal(await lastRead(await newDevice(theirs)), where);
      },
    );
    t.diagnostic(`${steps} steps, both ways`);
  });

  it('at any step of a grant leaves no right that the patient does not know', async (t) => {
    const steps = await atSteps(
      async ({ reader }, party) =>
        await grantRight(party, { ...everything(reader), until: everything(reader).until + 60 }),
      async (theirs, where) => {
        const device = await newDevice(theirs);
        for (const { state } of await listGrants(device)) assert.equal(state, 'holds', where);
        await refreshPackets(device);
        await add(theirs, where);
        assert.equal(await lastRead(theirs.reader, theirs.reading), where);
        const given = await grantRight(theirs.patient, everything(theirs.reader));
        assert.equal(await lastRead(theirs.reader, given), where);
      },
    );
    t.diagnostic(`${steps} steps, both ways`);
  });

  it('at any step of a commitment leaves no epoch that cannot be opened', async (t) => {
    const steps = await atSteps(
      async (_, party) => await commitEpochs(party, 12),
      async (theirs, where) => {
        await revokeRight(theirs.patient, theirs.ending.digest);
        await add(theirs, where);
        assert.equal(await lastRead(await newDevice(theirs)), where);
        await commitEpochs(theirs.patient, 14);
        await revokeRight(theirs.patient, theirs.reading.digest);
        await add(theirs, `${where}, later`);
        assert.equal(await lastRead(await newDevice(theirs)), `${where}, later`);
      },
    );
    t.diagnostic(`${steps} steps, both ways`);
  });
});
