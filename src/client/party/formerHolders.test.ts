import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { openFileKey } from '../../crypto/sealing/openFileKey.ts';
import { Adversary } from '../../../proof/keys/Adversary.ts';
import { NodesHeld } from '../../../proof/keys/NodesHeld.ts';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmSheet } from '../epochs/confirmSheet.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { addRecord } from '../records/addRecord.ts';
import { changeKey } from './changeKey.ts';
import type { Party } from './Party.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, cared: false });
  care = await startCare(network);
});
after(async () => await network.close());

// @actor a thief of a patient's former key, together with somebody who may read | to open guarded records of later epochs without a release
it('a thief of a former key opens nothing of later epochs, beside somebody who may read', async () => {
  const { doctor, patient, handle, right } = care;
  const [held, thief, grantee] = [new NodesHeld(), new Adversary(cipher), new Adversary(cipher)];
  const watched = (party: Party): Party => ({ ...party, agent: held.watch(party.agent) });
  thief.stole(patient.keys);
  grantee.has(doctor.keys.identity());
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  const epochs: number[] = [];
  const write = async (): Promise<void> => {
    await addRecord(watched(doctor), { ...version, content: utf8ToBytes('a note') });
    epochs.push((await confirmSheet(doctor, handle)).epoch);
  };
  // It keeps the state for old and new devices, so the thief sees all of what the former key opens.
  await commitEpochs(watched(patient), 12);
  await write();
  const changed = await changeKey(watched(patient), network.ports.random(32));
  await refreshPackets(changed.party);
  await write();
  assert.deepEqual([...(await grantee.open(held))], [], 'a grantee needs a release');
  await thief.open(held);
  const [before, later] = [...held.files.values()].map(async (file, place) => {
    const own = thief.ownIdentitiesWith(grantee, epochs[place] ?? 0);
    return await openFileKey(own, [file], { cipher });
  });
  assert.ok(await before, 'the thief has all that was there');
  await assert.rejects(later ?? assert.fail(), failsWith('SEAL_UNREADABLE'));
});
