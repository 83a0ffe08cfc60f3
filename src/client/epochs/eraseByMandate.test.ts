import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { behind, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { actFor } from '../mandates/actFor.ts';
import { giveMandate } from '../mandates/giveMandate.ts';
import { offerMandate } from '../mandates/offerMandate.ts';
import { changeKey } from '../party/changeKey.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { inTime } from '../test/inTime.ts';
import { commitEpochs } from './commitEpochs.ts';
import { eraseKeys } from './eraseKeys.ts';
import { refreshPackets } from './refreshPackets.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
});
after(async () => await network.close());

/** A patient with a record, and a party that acts for them. */
async function family(): Promise<{ readonly leo: Party; readonly forLeo: Party }> {
  const [leo, marta] = [await network.party('patient'), await network.party('patient')];
  await commitEpochs(leo, 4);
  const { handle } = await readPatientState(leo);
  const content = utf8ToBytes('a blood count');
  await addRecord(leo, { handle, category: 'laboratory', content, purpose: 'PATRQT' });
  const until = Math.floor(network.clock.now() / 1000) + 30 * 86_400;
  const offer = await offerMandate(marta, { handle, reason: 'my son', until });
  await giveMandate(leo, offer);
  const forLeo = await actFor(marta, offer.mandate);
  await restorePatient(forLeo);
  return { leo, forLeo };
}

/** The patient's device connects and keeps its state, as with every change, and the patient reads the record. */
async function connectAndRead(leo: Party): Promise<void> {
  const { state } = await restorePatient(leo);
  assert.deepEqual(state.erasing ?? {}, {});
  await inTime(network, refreshPackets(leo));
  await keepPatientState(leo, await readPatientState(leo));
  const chart = await readChart(leo, { handle: state.handle, purpose: 'PATRQT' });
  const [record = assert.fail()] = chart.records;
  assert.equal((await readRecord(leo, chart, record)).content.length, 13);
}

/** A party that reads as one that acts for nobody the first time it is asked: whoever has the keys does not ask the library. */
function unasked(party: Party): Party {
  let asked = false;
  return new Proxy(party, {
    get: (target, name): unknown => {
      if (name !== 'acting' || asked) return Reflect.get(target, name);
      asked = true;
      return undefined;
    },
  });
}

describe('whoever acts for a patient', () => {
  // @actor a representative | to erase the patient's records, which a mandate does not allow, by the patient's own device
  it('begins no erasure that the patient’s own device would enter', async () => {
    const { leo, forLeo } = await family();
    const { revision } = await readPatientState(leo);
    await assert.rejects(eraseKeys(forLeo, 'laboratory'), failsWith('RIGHT_MISSING'));
    await assert.rejects(changeKey(forLeo, forLeo.random(32)), failsWith('RIGHT_MISSING'));
    assert.equal((await readPatientState(forLeo)).revision, revision, 'nothing was kept');
    await connectAndRead(leo);
  });

  // @actor a representative | to have the patient's own device enter an erasure, by a state that names one
  it('leaves none either in a state that the library did not let them keep', async () => {
    const { leo, forLeo } = await family();
    const erased = inTime(network, eraseKeys(unasked(forLeo), 'laboratory'));
    await assert.rejects(erased, failsWith('RIGHT_MISSING'));
    assert.ok((await readPatientState(forLeo)).erasing?.laboratory, 'the state names one');
    await connectAndRead(leo);
  });

  it('loses none that the patient began', async () => {
    const { leo, forLeo } = await family();
    const cut = behind(leo, {
      submit: async (submissions) => {
        if (submissions.some(({ request }) => request.type === 'Erase')) throw new Error('cut off');
        return await leo.agent.submit(submissions);
      },
    });
    await assert.rejects(inTime(network, eraseKeys(cut, 'laboratory')), /cut off/);
    await restorePatient(forLeo);
    await keepPatientState(forLeo, await readPatientState(forLeo));
    const { state } = await restorePatient(leo);
    assert.ok(state.erasing?.laboratory);
    await inTime(network, refreshPackets(leo));
    const chart = await readChart(leo, { handle: state.handle, purpose: 'PATRQT' });
    const [record = assert.fail()] = chart.records;
    await assert.rejects(readRecord(leo, chart, record), failsWith('RECORD_ERASED'));
    assert.deepEqual((await readPatientState(leo)).erasing, {});
  });
});
