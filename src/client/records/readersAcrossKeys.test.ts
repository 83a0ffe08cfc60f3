import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { dealShares } from '../../node/founding/dealShares.ts';
import { everything, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { Grant } from '../../protocol/requests.ts';
import { keepRecord } from '../kept/keepRecord.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { grantRight } from '../rights/grantRight.ts';
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

/** A network with a record, and all who may read it. */
interface Written {
  readonly network: TestNetwork;
  readonly care: Care;
  readonly alone: Grant;
}

type Reader = 'patient' | 'patient on a restored device' | 'grantee' | 'grantee of it alone';
const READERS: readonly Reader[] = [
  'patient',
  'patient on a restored device',
  'grantee',
  'grantee of it alone',
];
const WAYS = ['alone', 'as a stream', 'with others', 'to keep it'] as const;

const written = new Map<boolean, Written>();

before(async () => {
  for (const guarded of [false, true]) {
    const network = await startTestNetwork({ guarded });
    const care = await startCare(network);
    const { patient, doctor, stranger, handle, right } = care;
    const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    const { record } = await addRecord(doctor, { ...version, content: utf8ToBytes(TEXT) });
    const wish = { ...everything(stranger), categories: ['vitals'], actions: ['read'] } as const;
    const { grant } = await grantRight(patient, { ...wish, record });
    written.set(guarded, { network, care, alone: grant });
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
  { care, alone }: Written,
  reader: Reader,
  way: (typeof WAYS)[number],
  across: (party: Party) => Party | Promise<Party>,
): Promise<string> {
  const { patient, doctor, stranger, handle, right } = care;
  const isOwn = reader.startsWith('patient');
  const found = isOwn ? patient : reader === 'grantee' ? doctor : stranger;
  const isRestored = reader === 'patient on a restored device';
  const party = await across(isRestored ? { ...found, device: memoryDevice() } : found);
  if (isRestored) await restorePatient(party);
  const grant = isOwn ? undefined : reader === 'grantee' ? right.grant : alone;
  const purpose = isOwn ? 'PATRQT' : 'TREAT';
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
  readonly across: (party: Party) => Party | Promise<Party>;
  /** Readers whom nobody can release anything to. */
  readonly refused?: readonly Reader[];
}

const STATES: readonly State[] = [
  { about: 'in a channel without a key', guarded: false, across: (party) => party },
  { about: 'from before a key was dealt', guarded: false, across: afterRelease },
  { about: 'under the present key', guarded: true, across: (party) => party },
  {
    about: 'under a key that was dropped since',
    guarded: true,
    across: beforeRelease,
    refused: ['grantee', 'grantee of it alone'],
  },
];

describe('a record', () => {
  for (const { about, guarded, across, refused = [] } of STATES) {
    for (const reader of READERS) {
      for (const way of WAYS) {
        const opens = !refused.includes(reader);
        // @class what a file is sealed to is read from its header, never guessed from who reads it | a change of the release key to shut a reader out of what was written before it
        it(`${about} ${opens ? 'is read' : 'is refused'}, ${way}, by the ${reader}`, async () => {
          const place = written.get(guarded) ?? assert.fail();
          const reading = readBy(place, reader, way, across);
          if (opens) assert.equal(await reading, TEXT);
          else {
            await assert.rejects(reading, (error) => isMedsealError(error, 'SEAL_UNREADABLE'));
          }
        });
      }
    }
  }
});
