import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { enrol } from '../client/party/enrol.ts';
import { grantRight } from '../client/rights/grantRight.ts';
import { httpAgent } from '../client/agent/httpAgent.ts';
import { addRecord } from '../client/records/addRecord.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
import { openParty, type Party } from '../client/party/Party.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import { LoadedNode, NODE_SETTINGS } from '../../proof/load/LoadedNode.ts';
import { collectRun, temporaryFolder } from './test/runMedseal.ts';
import { STRACE, SystemCalls } from './test/SystemCalls.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
/** So large that it is a file of the vault and none of its rows. */
const LARGE = 100_000;

it('what an answer acknowledges is synced before its first byte leaves, as the operating system sees it', async (t) => {
  if (spawnSync('strace', ['-V']).status !== 0) {
    t.skip('strace is not on this machine');
    return;
  }
  const folder = await temporaryFolder(t);
  const { data } = await LoadedNode.found(`${folder}/node`);
  const trace = `${folder}/trace`;
  const up = [process.execPath, MAIN, 'up', '--data', data, '--json', ...NODE_SETTINGS];
  const child = spawn('strace', [...STRACE, '-o', trace, ...up]);
  t.after(() => child.kill('SIGKILL'));
  const run = collectRun(child);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void run.then(({ stderr }) => reject(new Error(stderr)));
  });
  const { pid, urls } = JSON.parse(line) as { pid: number; urls: { agents: string } };
  const ports = await machinePorts();
  const network = parseNetworkFile(JSON.parse(await readFile(`${data}/network.json`, 'utf8')));
  const party = async (): Promise<Party> =>
    await openParty({
      ...ports,
      seed: ports.random(32),
      network,
      agent: httpAgent(`${urls.agents}/hospital`),
      log: 'care/hospital',
      device: memoryDevice(),
    });
  const [patient, doctor] = [await party(), await party()];
  await enrol(patient, { role: 'patient', organisation: 'hospital' });
  await enrol(doctor, { role: 'doctor', organisation: 'hospital' });
  await commitEpochs(patient, 2);
  const { placed } = await grantRight(patient, {
    grantee: doctor.address,
    categories: ['other'],
    actions: ['read'],
    purpose: 'TREAT',
    until: Math.floor(Date.now() / 1000) + 3600,
  });
  const { handle } = await readPatientState(patient);
  const content = new Uint8Array(LARGE);
  const version = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
  const { acknowledgement } = await addRecord(patient, version);
  process.kill(pid, 'SIGTERM');
  await run;

  const calls = await SystemCalls.read(trace);
  const { entry } = acknowledgement;
  const answered = calls.sent(entry);
  assert.ok(answered > 0, 'the acknowledgement did not leave');
  const before = (synced: ReadonlyMap<string, number>): number =>
    [...synced.values()].filter((synchronised) => synchronised < answered).length;
  assert.equal(
    before(calls.syncedWith(/\/hospital\/logs\/hospital\/\d+\.log$/, bytesOf(entry))),
    1,
  );
  const coordinators = calls.syncedWith(/\/coordinator\/\d+\.log$/, `body/${entry}`);
  assert.ok(before(coordinators) >= acknowledgement.verdicts.length, [...coordinators].join('\n'));
  assert.ok(acknowledgement.verdicts.length >= 2);
  const file = calls.syncedBefore(/\/hospital\/vault\/arriving\//, answered);
  const named = calls.syncedBefore(/\/hospital\/vault\/sealed\/[0-9a-f]{2}$/, answered);
  const indexed = calls.syncedBefore(/\/hospital\/vault-index\/\d+\.log$/, answered);
  assert.ok(0 < file && file < named && named < indexed, `${file}, ${named}, ${indexed}`);

  const told = calls.sent(placed.transaction);
  const blocks = calls.syncedWith(/\/ledger\/chain\/\d+\.log$/, bytesOf(placed.transaction));
  assert.ok(told > 0, 'the answer to the grant did not leave');
  assert.ok([...blocks.values()].some((synced) => synced < told));
});

/** The bytes of a hash, as they stand in a file. */
function bytesOf(hash: string): string {
  return Buffer.from(hash.slice(2), 'hex').toString('latin1');
}
