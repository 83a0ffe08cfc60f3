import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from './commitEpochs.ts';
import { epochIdentity, preparedIn } from './epochIdentity.ts';
import { eraseKeys } from './eraseKeys.ts';
import { fetchVersion } from '../records/fetchVersion.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { readRecords } from '../records/readRecords.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { revokeRight } from '../rights/revokeRight.ts';

let network: TestNetwork;
let doctor: Party;
before(async () => {
  network = await startTestNetwork({ seed: 'erasure' });
  doctor = await network.party('doctor');
});
after(async () => await network.close());

interface World {
  readonly patient: Party;
  readonly right: GrantGiven;
  readonly note: (category: Category, text: string) => Promise<void>;
}

/** A patient in epoch 2 with a note of vital signs and one of the laboratory in each, whom a doctor may read. */
async function livedIn(): Promise<World> {
  const patient = await network.party('patient');
  await commitEpochs(patient, 4);
  const { handle } = await readPatientState(patient);
  const right = await grantRight(patient, everything(doctor));
  const ending = await grantRight(patient, everything(doctor));
  const note: World['note'] = async (category, text) => {
    const content = utf8ToBytes(text);
    await addRecord(patient, { handle, category, content, purpose: 'PATRQT' });
  };
  await note('vitals', 'pulse 1');
  await note('laboratory', 'blood 1');
  await revokeRight(patient, ending.digest);
  await note('vitals', 'pulse 2');
  await note('laboratory', 'blood 2');
  return { patient, right, note };
}

/** Every note of a chart as a party reads it, or why not. */
async function allRead(party: Party, right?: GrantGiven): Promise<readonly string[]> {
  const { handle } = right?.grant ?? (await readPatientState(party));
  const chart = await readChart(party, {
    handle,
    purpose: right ? 'TREAT' : 'PATRQT',
    ...(right && { grant: right.grant }),
  });
  const texts: string[] = [];
  for await (const read of readRecords(party, chart, chart.records)) {
    texts.push('error' in read ? read.error.code : bytesToUtf8(read.content));
  }
  return texts;
}

/** The patient on a device that knows nothing but the phrase. */
async function newDevice(patient: Party): Promise<Party> {
  const party = await furtherDevice(network, patient);
  const { unknown } = await restorePatient(party);
  assert.deepEqual(unknown, []);
  return party;
}

const LEFT = ['RECORD_ERASED', 'blood 1', 'RECORD_ERASED', 'blood 2', 'pulse 3', 'blood 3'];

describe('a category whose keys are erased', () => {
  it('is opened by no key of the patient, and nothing else is lost', async () => {
    const { patient, right, note } = await livedIn();
    assert.ok((await eraseKeys(patient, 'vitals')) >= 2);
    await note('vitals', 'pulse 3');
    await note('laboratory', 'blood 3');
    assert.deepEqual(await allRead(patient), LEFT);
    assert.deepEqual(await allRead(doctor, right), LEFT, 'those who keep a right get no more');
    assert.deepEqual(await allRead(await newDevice(patient)), LEFT);
  });

  it('cannot be opened from the phrase, with whatever follows from it and what nodes keep', async () => {
    const { patient } = await livedIn();
    const { handle } = await readPatientState(patient);
    const own = { handle, purpose: 'PATRQT' } as const;
    const before = await readChart(patient, own);
    const files: Uint8Array[] = [];
    for (const record of before.records.filter(({ category }) => category === 'vitals')) {
      const { sealed } = await fetchVersion(patient, own, record);
      files.push(await collectBytes(sealed.read()));
    }
    assert.equal(files.length, 2);
    const opens = async (party: Party): Promise<number> => {
      const { keyring } = await readPatientState(party);
      const keys: string[] = [];
      for (let epoch = 1; epoch <= preparedIn(keyring); epoch++) {
        for (const category of ['vitals', 'laboratory'] as const) {
          try {
            keys.push(epochIdentity(keyring, epoch, category));
          } catch (error) {
            assert.ok(isMedsealError(error, 'RECORD_ERASED'));
          }
        }
      }
      const tried = await Promise.allSettled(
        files.map(async (file) => await openBytes(keys, file)),
      );
      return tried.filter(({ status }) => status === 'fulfilled').length;
    };
    assert.equal(await opens(await newDevice(patient)), 2);
    await eraseKeys(patient, 'vitals');
    assert.equal(await opens(patient), 0);
    assert.equal(await opens(await newDevice(patient)), 0);
  });

  it('can be erased again, and others after it', async () => {
    const { patient, note } = await livedIn();
    const first = await eraseKeys(patient, 'vitals');
    await note('vitals', 'pulse 3');
    await note('laboratory', 'blood 3');
    const second = await eraseKeys(patient, 'laboratory');
    assert.ok(second > first);
    assert.ok((await eraseKeys(patient, 'vitals')) > second);
    await note('vitals', 'pulse 4');
    await note('laboratory', 'blood 4');
    const gone = Array.from({ length: 6 }, () => 'RECORD_ERASED');
    assert.deepEqual(await allRead(await newDevice(patient)), [...gone, 'pulse 4', 'blood 4']);
  });

  it('turns the keys so that a former grantee opens nothing that is added', async () => {
    const { patient, right, note } = await livedIn();
    const wanted = { handle: right.grant.handle, grant: right.grant, purpose: 'TREAT' } as const;
    await eraseKeys(patient, 'vitals');
    const had = await readChart(doctor, wanted);
    await revokeRight(patient, right.digest);
    await note('vitals', 'pulse 3');
    const chart = await readChart(patient, { handle: wanted.handle, purpose: 'PATRQT' });
    const { epoch } = chart.records.at(-1) ?? { epoch: 0 };
    assert.throws(() => had.identityFor(epoch, 'vitals'), failsWith('KEY_PENDING'));
    assert.equal((await allRead(patient)).at(-1), 'pulse 3');
  });

  it('is that of a patient who has an epoch', async () => {
    await assert.rejects(eraseKeys(doctor, 'vitals'), failsWith('NOT_FOUND'));
    const fresh = await network.party('patient');
    await assert.rejects(eraseKeys(fresh, 'vitals'), failsWith('NOT_FOUND'));
  });
});
