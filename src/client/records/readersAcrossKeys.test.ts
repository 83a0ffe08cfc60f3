import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { dealShares } from '../../node/founding/dealShares.ts';
import { everything, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { Grant } from '../../protocol/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Purpose } from '../../protocol/vocabulary.ts';
import { keepRecord } from '../kept/keepRecord.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { grantRight, type RightGiven } from '../rights/grantRight.ts';
import { addRule } from '../rules/changeRules.ts';
import { applyRules } from '../rules/applyRules.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { beforeRelease } from '../test/enterUnguarded.ts';
import { addRecord } from './addRecord.ts';
import { readChart } from './readChart.ts';
import { readRecord, streamRecord } from './readRecord.ts';
import { readRecords } from './readRecords.ts';

/**
 * Readers of a record, by what the channel's release key was when it was written and what the reader's network file says of it
 * now. `dealtKeys.slow.test.ts` has keys that are dealt again, organisations that come and go, and a second key.
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
/** All but the patient: coordinators release to them. */
const GRANTEES = READERS.filter((reader) => !reader.startsWith('patient'));

/** Somebody who may read the record, and by which right; a patient needs none. */
interface Reading {
  readonly party: Party;
  readonly purpose: Purpose;
  readonly grant?: Grant;
}

/** A network with a record, and all who may read it. */
interface Written {
  readonly network: TestNetwork;
  readonly care: Care;
  readonly readers: Readonly<Record<Reader, Reading>>;
}
const WAYS = ['alone', 'as a stream', 'with others', 'to keep it'] as const;

const written = new Map<boolean, Written>();

before(async () => {
  for (const guarded of [false, true]) {
    const network = await startTestNetwork({ guarded });
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
    const nurse = await network.party('nurse');
    const pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
    const insurer = await network.party('insurer', { organisation: 'insurer' });
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
    } as const;
    // The pharmacist and the insurer ask their own organisations.
    await network.checkpoint();
    written.set(guarded, { network, care, readers });
  }
});
after(async () => {
  for (const { network } of written.values()) await network.close();
});

/** The same party, once its channel has got a release key. */
function afterRelease(party: Party): Party {
  const names = ['hospital', 'laboratory', 'insurer'];
  const { release } = dealShares(party.primitives.group, names, 2, party.random);
  const channels = party.network.channels.map((channel) => ({ ...channel, release }));
  const network: NetworkFile = { ...party.network, channels };
  return { ...party, network };
}

async function readBy(
  { care: { handle }, readers }: Written,
  reader: Reader,
  way: (typeof WAYS)[number],
  across: (party: Party) => Party | Promise<Party>,
): Promise<string> {
  const { party: found, purpose, grant } = readers[reader];
  const isRestored = reader === 'patient on a restored device';
  const party = await across(isRestored ? { ...found, device: memoryDevice() } : found);
  if (isRestored) await restorePatient(party);
  const chart = await readChart(party, { handle, purpose, ...(grant && { grant }) });
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

interface State {
  readonly about: string;
  /** True if there was a key when the record was written. */
  readonly guarded: boolean;
  readonly across?: (party: Party) => Party | Promise<Party>;
  /** Organisations that release nothing: they are away, or have no share. */
  readonly silent?: readonly string[];
  /** Readers who are refused, and by which code. */
  readonly refused?: { readonly readers: readonly Reader[]; readonly code: ErrorCode };
}

const STATES: readonly State[] = [
  { about: 'in a channel without a key', guarded: false },
  { about: 'from before a key was dealt', guarded: false, across: afterRelease },
  { about: 'under the present key', guarded: true },
  {
    about: 'under a key of which one organisation lost its share',
    guarded: true,
    silent: ['insurer'],
  },
  {
    about: 'under a key whose shares one organisation alone has',
    guarded: true,
    silent: ['insurer', 'laboratory'],
    refused: { readers: GRANTEES, code: 'RELEASE_PENDING' },
  },
  {
    about: 'under a key that was dropped since',
    guarded: true,
    across: beforeRelease,
    refused: { readers: GRANTEES, code: 'SEAL_UNREADABLE' },
  },
];

/** Has organisations answer calls for shares as one that lost its own. */
function withoutShares(network: TestNetwork, names: readonly string[]): void {
  for (const name of names) {
    const { coordinator } = network.services(name);
    network.liars.coordinator.set(name, { ...coordinator, release: absent });
  }
}

async function absent(): Promise<never> {
  return await Promise.reject(new MedsealError('SHARE_ABSENT', {}));
}

describe('a record', () => {
  for (const { about, guarded, across = (party: Party) => party, silent = [], refused } of STATES) {
    for (const reader of READERS) {
      for (const way of WAYS) {
        const opens = refused?.readers.includes(reader) !== true;
        // @class what a file is sealed to is read from its header, never guessed from who reads it | a change of the release key to shut a reader out of what was written before it
        it(`${about} ${opens ? 'is read' : 'is refused'}, ${way}, by the ${reader}`, async () => {
          const place = written.get(guarded) ?? assert.fail();
          withoutShares(place.network, silent);
          try {
            const reading = readBy(place, reader, way, across);
            if (opens) assert.equal(await reading, TEXT);
            else await assert.rejects(reading, failsWith(refused.code));
          } finally {
            place.network.liars.coordinator.clear();
          }
        });
      }
    }
  }
});
