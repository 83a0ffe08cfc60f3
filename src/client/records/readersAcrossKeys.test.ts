import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { BEGIN, everything, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { someOf } from '../../protocol/test/share.ts';
import type { Purpose } from '../../protocol/vocabulary.ts';
import { readReadings } from '../devices/readReadings.ts';
import { keepRecord } from '../kept/keepRecord.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { grantRight, type RightGiven } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { addRule } from '../rules/changeRules.ts';
import { applyRules } from '../rules/applyRules.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { addBatches, type BatchAdded } from '../test/addBatches.ts';
import { enterState, KEY_STATES, partyIn, type KeyState } from '../test/keyStates.ts';
import { addRecord } from './addRecord.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecord, streamRecord } from './readRecord.ts';
import { readRecords } from './readRecords.ts';

/**
 * Readers of a record and of batches of readings, in each state of the release key. Verifiers of claims
 * (`readersAcrossKeys.slow.test.ts`) and another language (`scripts/outside/readersAcrossKeys.slow.test.ts`) read in the same states.
 * `dealtKeys.slow.test.ts` has keys that are dealt by commands.
 */

const TEXT = 'a record that stays readable';

const READERS = [
  'patient',
  'patient on a restored device',
  'grantee',
  'grantee of it alone',
  'nurse by a standing rule',
  'pharmacist of another organisation',
  'insurer, for payment',
] as const;
type Reader = (typeof READERS)[number];

/** Those who are refused in each state, with the code. */
const REFUSED = [
  ['doctor without a right', 'RIGHT_MISSING'],
  ['doctor whose right ended', 'RIGHT_ENDED'],
  ['doctor whose right ended, who kept the list of the chart', 'RIGHT_ENDED'],
] as const;
type Refused = (typeof REFUSED)[number][0];

const WAYS = ['alone', 'as a stream', 'with others', 'to keep it'] as const;
type Way = (typeof WAYS)[number];

/** Sealers of a batch of readings. */
const SEALERS = ['a device', 'a gateway'] as const;
type Sealer = (typeof SEALERS)[number];

/** Somebody who may read the record, and by which right; a patient needs none. */
interface Reading {
  readonly party: Party;
  readonly purpose: Purpose;
  readonly grant?: Grant;
  /** The chart as it was listed while the right held. */
  readonly chart?: Chart;
}

/** A network with a record and two batches, and all who may read them. */
interface Written {
  readonly network: TestNetwork;
  readonly care: Care;
  readonly readers: Readonly<Record<Reader | Refused, Reading>>;
  readonly batches: Readonly<Record<Sealer, BatchAdded>>;
}

const written = new Map<boolean, Written>();

before(async () => {
  for (const guarded of [false, true]) written.set(guarded, await write(guarded));
});
after(async () => {
  for (const { network } of written.values()) await network.close();
});

async function write(guarded: boolean): Promise<Written> {
  const network = await startTestNetwork({ cared: true, guarded });
  const care = await startCare(network);
  const { patient, doctor, stranger, handle, right } = care;
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  const { record } = await addRecord(doctor, { ...version, content: utf8ToBytes(TEXT) });
  const giveTo = async (party: Party, wish: Partial<RightGiven>): Promise<Reading> => {
    const given = {
      ...everything(party),
      categories: ['vitals'],
      actions: ['read'],
      ...wish,
    } as const;
    const { grant } = await grantRight(patient, given);
    return { party, purpose: given.purpose, grant };
  };
  const former = await network.party('doctor');
  const ended = await grantRight(patient, everything(former));
  const once = { party: former, purpose: 'TREAT', grant: ended.grant } as const;
  const chart = await readChart(former, { handle, ...once });
  await revokeRight(patient, ended.digest);
  const nurse = await network.party('nurse');
  const pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
  const insurer = await network.party('insurer', { organisation: 'insurer' });
  const batches = await addBatches(patient, await network.party('nurse'));
  await addRule(patient, {
    name: 'the ward',
    kind: 'permit',
    parties: [nurse.address],
    categories: ['vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    renew: 3600,
  });
  await applyRules(patient);
  const { grants } = await readPatientState(patient);
  const ruled = grants.find(({ grant }) => grant.terms.grantee === nurse.address);
  assert.ok(ruled);
  const own = { party: patient, purpose: 'PATRQT' } as const;
  const readers = {
    patient: own,
    'patient on a restored device': own,
    grantee: { party: doctor, purpose: 'TREAT', grant: right.grant },
    'grantee of it alone': await giveTo(stranger, { record }),
    'nurse by a standing rule': { party: nurse, purpose: 'TREAT', grant: ruled.grant },
    'pharmacist of another organisation': await giveTo(pharmacist, {}),
    'insurer, for payment': await giveTo(insurer, { purpose: 'HPAYMT' }),
    'doctor without a right': { party: await network.party('doctor'), purpose: 'TREAT' },
    'doctor whose right ended': once,
    'doctor whose right ended, who kept the list of the chart': { ...once, chart },
  } as const;
  // The pharmacist and the insurer ask their own organisations.
  await network.checkpoint();
  return { network, care, readers, batches };
}

/** A reader in a state of the key, with the chart. */
interface Opened {
  readonly party: Party;
  readonly chart: Chart;
}

async function open(state: KeyState, reader: Reader | Refused): Promise<Opened> {
  const { network, care, readers } = writtenIn(state);
  const { party: found, purpose, grant, chart } = readers[reader];
  const isRestored = reader === 'patient on a restored device';
  const party = partyIn(network, state, isRestored ? { ...found, device: memoryDevice() } : found);
  if (isRestored) await restorePatient(party);
  const { handle } = care;
  return {
    party,
    chart: chart ?? (await readChart(party, { handle, purpose, ...(grant && { grant }) })),
  };
}

function writtenIn({ guarded }: KeyState): Written {
  return written.get(guarded) ?? assert.fail();
}

async function readBy(state: KeyState, reader: Reader | Refused, way: Way): Promise<string> {
  const { party, chart } = await open(state, reader);
  const [record] = chart.records;
  assert.ok(record);
  if (way === 'alone') return bytesToUtf8((await readRecord(party, chart, record)).content);
  if (way === 'as a stream') {
    let text = '';
    for await (const piece of (await streamRecord(party, chart, record)).content)
      text += bytesToUtf8(piece);
    return text;
  }
  if (way === 'to keep it') {
    const until = seconds(party.clock) + 3600;
    return bytesToUtf8((await keepRecord(party, chart, record, until)).content);
  }
  for await (const read of readRecords(party, chart, [record])) {
    if ('error' in read) throw read.error;
    return bytesToUtf8(read.content);
  }
  return assert.fail();
}

/** The lines of a batch that a reader reads. */
async function linesReadBy(
  state: KeyState,
  reader: Reader,
  sealer: Sealer,
): Promise<readonly string[]> {
  const { party, chart } = await open(state, reader);
  const { device } = writtenIn(state).batches[sealer];
  const span = { from: BEGIN * 1000, until: (BEGIN + 60) * 1000 };
  const devices = await readReadings(party, chart, span);
  const batches = devices.filter((each) => each.device === device).flatMap((each) => each.batches);
  return batches.flatMap((batch) => {
    if ('error' in batch) throw batch.error;
    assert.equal(batch.altered, false);
    return batch.readings.map(({ line }) => line);
  });
}

/** Code with which a reader is refused in a state, if it is. */
function refusalOf({ refused }: KeyState, reader: Reader): ErrorCode | undefined {
  return reader.startsWith('patient') ? undefined : refused;
}

/** Cases to try; the states are innermost, so that those of a quick test differ from reader to reader. */
function casesOf<What>(
  all: readonly What[],
): readonly { readonly what: What; readonly reader: Reader; readonly state: KeyState }[] {
  return someOf(
    all.flatMap((what) =>
      READERS.flatMap((reader) => KEY_STATES.map((state) => ({ what, reader, state }))),
    ),
    3,
  );
}

const RECORDS = casesOf(WAYS);
const BATCHES = casesOf(SEALERS);

for (const state of KEY_STATES) {
  describe(state.about, () => {
    before(async () => await enterState(writtenIn(state).network, state));

    for (const { reader, what } of RECORDS.filter((each) => each.state === state)) {
      const code = refusalOf(state, reader);
      // @class what a file is sealed to is read from its header, never guessed from who reads it | a change of the release key to shut a reader out of what was written before it
      it(`a record ${code === undefined ? 'is read' : 'is refused'}, ${what}, by the ${reader}`, async () => {
        const reading = readBy(state, reader, what);
        if (code === undefined) assert.equal(await reading, TEXT);
        else await assert.rejects(reading, failsWith(code));
      });
    }

    for (const { reader, what } of BATCHES.filter((each) => each.state === state)) {
      const code = refusalOf(state, reader);
      const isListed = reader !== 'grantee of it alone';
      const outcome = isListed ? (code === undefined ? 'is read' : 'is refused') : 'is not listed';
      // @actor who may read one record alone | to read a batch of readings on the same chart
      it(`a batch that ${what} sealed ${outcome}, by the ${reader}`, async () => {
        const reading = linesReadBy(state, reader, what);
        const { line } = writtenIn(state).batches[what];
        if (isListed && code !== undefined) await assert.rejects(reading, failsWith(code));
        else assert.deepEqual(await reading, isListed ? [line] : []);
      });
    }

    for (const [reader, code] of REFUSED) {
      // @actor a former grantee, or a doctor without a right | to read what was written before, once the release key changed
      it(`a record is refused to the ${reader}`, async () => {
        await assert.rejects(readBy(state, reader, 'alone'), failsWith(code));
      });
    }
  });
}
