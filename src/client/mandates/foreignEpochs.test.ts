import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { leaveForeignEpochs } from '../epochs/leaveForeignEpochs.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { inTime } from '../test/inTime.ts';
import { actFor } from './actFor.ts';
import { endMandate } from './endMandate.ts';
import { giveMandate } from './giveMandate.ts';
import type { MandateOffer } from './MandateOffer.ts';
import { offerMandate } from './offerMandate.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
});
after(async () => await network.close());

function now(): number {
  return Math.floor(network.clock.now() / 1000);
}

interface Locked {
  readonly leo: Party;
  readonly forLeo: Party;
  readonly offer: MandateOffer;
  readonly handle: Handle;
  /** A right that the representative gave before. */
  readonly right: Bytes32;
  /** The state on the patient's device before all of it. */
  readonly older: unknown;
}

/** A chart whose coming epochs a representative committed to, by keys that no state has. */
async function locked(count = 9): Promise<Locked> {
  const [leo, marta] = [await network.party('patient'), await network.party('patient')];
  await commitEpochs(leo, 4);
  const { handle } = await readPatientState(leo);
  const content = utf8ToBytes('a blood count');
  await addRecord(leo, { handle, category: 'laboratory', content, purpose: 'PATRQT' });
  const older = await leo.device.read('patient');
  const until = now() + 30 * 86_400;
  const offer = await offerMandate(marta, { handle, reason: 'my son', until });
  await giveMandate(leo, offer);
  const forLeo = await actFor(marta, offer.mandate);
  await restorePatient(forLeo);
  const doctor = await network.party('doctor');
  const wanted = { ...everything(doctor), until: now() + 86_400 };
  const { digest: right } = await grantRight(forLeo, wanted);
  await restorePatient(leo);
  const root = `0x${'ab'.repeat(32)}` as const;
  const commit = { handle, first: 2, count, root, deadline: now() + 300 };
  const signed = sign(forLeo, forLeo, 'CommitEpochs', commit);
  // Through an organisation that colludes: no node keeps sheets of them.
  const { administrator } = network.services('hospital');
  const [placed] = await administrator.carry('CommitEpochs', [signed]);
  assert.ok(placed && 'block' in placed);
  return { leo, forLeo, offer, handle, right, older };
}

async function textsOf(party: Party, handle: Handle): Promise<readonly string[]> {
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  const read = chart.records.map(async (record) => {
    return bytesToUtf8((await readRecord(party, chart, record)).content);
  });
  return await Promise.all(read);
}

/** Adds a record as the patient, and reads all, on a new device too. */
async function goesOn({ leo, handle }: Pick<Locked, 'leo' | 'handle'>): Promise<void> {
  await restorePatient(leo);
  const content = utf8ToBytes('a later letter');
  const wanted = { handle, category: 'laboratory', content, purpose: 'PATRQT' } as const;
  await inTime(network, addRecord(leo, wanted));
  assert.deepEqual(await textsOf(leo, handle), ['a blood count', 'a later letter']);
  await restorePatient({ ...leo, device: memoryDevice() });
  assert.equal(await leaveForeignEpochs(leo), false);
}

describe('epochs that a representative committed to by keys of their own', () => {
  for (const [count, many] of [
    [1, 'one'],
    [9, 'some'],
    [2 ** 32 - 1, 'as many as the ledger takes'],
  ] as const) {
    it(`are told from a state that is stale, and a device goes on without them: ${many}`, async () => {
      const { leo, handle } = await locked(count);
      await assert.rejects(restorePatient(leo), failsWith('EPOCHS_FOREIGN'));
      assert.equal(await inTime(network, leaveForeignEpochs(leo)), true);
      await goesOn({ leo, handle });
    });
  }

  // @attack a representative commits to epochs whose keys no device of the patient has | the device says so by a code of its own, and turns the keys past them
  it('keep no patient from ending the mandate, and are left with it', async () => {
    const { leo, offer, handle } = await locked();
    const mandate = digestOf(leo, 'Mandate', offer.mandate);
    await inTime(network, endMandate(leo, mandate));
    const { patient } = await confirmFacts(leo, { handle });
    assert.equal(patient?.mandates?.[0]?.state, 'ended');
    await goesOn({ leo, handle });
  });

  it('are left by a device whose state is older, and by a new one from the seed', async () => {
    for (const isNew of [false, true]) {
      const { leo, handle, older } = await locked();
      const device = memoryDevice();
      if (!isNew) await device.write('patient', older);
      const other = { ...leo, device };
      await assert.rejects(restorePatient(other), failsWith('EPOCHS_FOREIGN'));
      if (!isNew) await device.write('patient', older);
      assert.equal(await inTime(network, leaveForeignEpochs(other)), true);
      await goesOn({ leo, handle });
      assert.equal(await leaveForeignEpochs(other), false);
    }
  });

  it('are left by a device that was cut off right after it noted them', async () => {
    const { leo, handle } = await locked(1);
    const agent = Object.create(leo.agent) as AgentPort;
    Object.assign(agent, {
      submit: async (given: Parameters<AgentPort['submit']>[0]) => {
        if (given.some(({ request }) => request.type !== 'View')) throw new Error('cut off');
        return await leo.agent.submit(given);
      },
    });
    await assert.rejects(inTime(network, leaveForeignEpochs({ ...leo, agent })), /cut off/);
    await inTime(network, leaveForeignEpochs(leo));
    await goesOn({ leo, handle });
  });

  it('are left also once the chart entered them', async () => {
    const { leo, forLeo, handle, right } = await locked();
    const none = packetsHash(leo.primitives, []);
    const revoke = { handle, grant: right, epoch: 2, packets: none, deadline: now() + 300 };
    const signed = sign(forLeo, forLeo, 'Revoke', revoke);
    const { administrator } = network.services('hospital');
    const [placed] = await administrator.carry('Revoke', [signed]);
    assert.ok(placed && 'block' in placed);
    assert.equal(await inTime(network, leaveForeignEpochs(leo)), true);
    await goesOn({ leo, handle });
  });

  it('are found on no chart on which nobody acts: a state that does not give all is stale there', async () => {
    const leo = await network.party('patient');
    await commitEpochs(leo, 4);
    assert.equal(await leaveForeignEpochs(leo), false);
    const second = { ...leo, device: memoryDevice() };
    const { state } = await restorePatient(second);
    const closed = { ...state, keyring: { ...state.keyring, prepared: 1 } };
    await keepPatientState(second, closed);
    await assert.rejects(restorePatient(leo), failsWith('STATE_STALE'));
    assert.equal(await leaveForeignEpochs(leo), false);
  });
});
