import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { confirmSheet } from '../client/epochs/confirmSheet.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import type { Party } from '../client/party/Party.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { openKeystoreParty } from '../device/openKeystoreParty.ts';
import { resigned, uploaded } from '../node/test/requests.ts';
import type { Submission } from '../protocol/AgentPort.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Outcome } from '../protocol/evidence/evidence.ts';
import { ZERO32 } from '../protocol/ids.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import type { View, Write } from '../protocol/struct/requests.ts';
import { sign } from '../protocol/struct/signing.ts';
import { startDev, temporaryFolder, type RunningDev } from './test/runMedseal.ts';

/** Requests by the patient on their own chart: one that is taken, one that came late, one that was altered. */
async function requestsOf(patient: Party): Promise<readonly Submission[]> {
  const { handle } = await readPatientState(patient);
  const { epoch } = await confirmSheet(patient, handle);
  const now = seconds(patient.clock);
  const common = { log: patient.log, handle, grant: ZERO32, purpose: 'PATRQT' } as const;
  const salt = (): `0x${string}` => bytesToHex(patient.random(16));
  const written: Write = {
    ...common,
    ...(await uploaded(patient)),
    action: 'add',
    record: bytesToHex(patient.random(32)),
    version: 1,
    begunBy: patient.address,
    about: ZERO32,
    category: 'other',
    epoch,
    deadline: now + 300,
    salt: salt(),
  };
  const looked: View = {
    ...common,
    what: 'chart',
    record: ZERO32,
    version: 0,
    deadline: now - 10,
    salt: salt(),
  };
  const write: Submission = { request: sign(patient, patient, 'Write', written) };
  const late: Submission = { request: sign(patient, patient, 'View', looked) };
  return [write, late, resigned(patient, write)];
}

describe('a node that is asked again over HTTP after it was killed', () => {
  it('gives the answers that it gave, alone and in an array, on an unguarded network, which takes any file', async (t) => {
    const folder = join(await temporaryFolder(t), 'dev');
    let dev = await startDev(t, '--data', folder, '--unguarded');
    const network = parseNetworkFile(
      JSON.parse(await readFile(join(folder, 'network.json'), 'utf8')),
    );
    const patientAt = async ({ ready: { url } }: RunningDev): Promise<Party> =>
      await openKeystoreParty({ network, url, keystore: join(folder, 'parties'), name: 'patient' });
    let patient = await patientAt(dev);
    await commitEpochs(patient, 3);
    const sent = await requestsOf(patient);
    const before: Outcome[] = [];
    for (const each of sent) before.push(...(await patient.agent.submit([each])));
    assert.deepEqual(
      before.map((outcome) => ('problem' in outcome ? outcome.problem.code : outcome.outcome)),
      ['acknowledged', 'REQUEST_LATE', 'REQUEST_ALTERED'],
    );
    // A late request is counted but not logged, for coordinators sign a refusal only in its time.
    assert.deepEqual(
      before.map(
        (outcome) => 'acknowledgement' in outcome && outcome.acknowledgement !== undefined,
      ),
      [true, false, true],
    );
    await dev.stop('SIGKILL');
    dev = await startDev(t, '--data', folder);
    patient = await patientAt(dev);
    assert.deepEqual(await patient.agent.submit(sent), before);
    for (const [i, each] of sent.entries()) {
      assert.deepEqual(await patient.agent.submit([each]), [before[i]]);
    }
    await dev.stop();
  });
});
