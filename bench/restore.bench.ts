/**
 * Measures how long a node that lost its disk is away: three organisations, each a process of its own, quorum two. The
 * laboratory is backed up, gets entries, is killed and its folder deleted; then its backup is restored, it is started,
 * and asked for a record again and again until it acknowledges one.
 *
 * `node bench/restore.bench.ts [--entries N] [--after N] [--json]`: so many entries before the backup, and after it.
 */
import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { addRecord } from '../src/client/records/addRecord.ts';
import { commitEpochs } from '../src/client/epochs/commitEpochs.ts';
import { enrol } from '../src/client/party/enrol.ts';
import { httpAgent } from '../src/client/agent/httpAgent.ts';
import { memoryDevice } from '../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../src/client/party/Party.ts';
import { readPatientState } from '../src/client/state/PatientState.ts';
import { runMedseal } from '../src/cli/test/runMedseal.ts';
import { startNode, type RunningUp } from '../src/cli/test/startNode.ts';
import { bytesToHex, utf8ToBytes } from '../src/crypto/bytes.ts';
import { machinePorts } from '../src/folder/NodePorts.ts';
import { freePorts } from '../scripts/freePorts.ts';
import { scratchFolder } from '../src/node/test/scratchFolder.ts';
import { ZERO32 } from '../src/protocol/ids.ts';
import { sign } from '../src/protocol/struct/signing.ts';

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '100' },
    after: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
});
const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const LOST = 'laboratory';
/** So many views are sent at once. */
const ARRAY = 256;

const root = await scratchFolder();
const ports = await machinePorts();
const ends: (() => unknown)[] = [];
const starts = new Map<string, () => Promise<RunningUp>>();
try {
  const found = await measure();
  if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);
  else
    for (const [what, figure] of Object.entries(found))
      process.stdout.write(`${what}: ${figure}\n`);
} finally {
  for (const end of ends.toReversed()) await end();
  await rm(root, { recursive: true, force: true });
}

async function measure(): Promise<Record<string, string>> {
  const exchange = `${root}/exchange`;
  await mkdir(exchange);
  for (const name of ORGANISATIONS) {
    const [port = 0, peers = 0] = await freePorts(2);
    const where = ['--data', `${root}/${name}`, '--exchange', exchange];
    const url = ['--url', `http://127.0.0.1:${peers}`];
    await medseal('init', '--organisation', name, ...url, '--plain-keys', ...where);
    const settings = [`listen.port=${port}`, `peers.port=${peers}`, 'authority.accepts=everyone'];
    const set = settings.flatMap((each) => ['--set', each]);
    const suite = { after: (end: () => unknown) => void ends.push(end) };
    starts.set(name, async () => await startNode(suite, `${root}/${name}`, ...set));
  }
  for (const name of ORGANISATIONS) {
    const found = name === 'hospital' ? ['--found'] : [];
    await medseal('init', ...found, '--data', `${root}/${name}`, '--exchange', exchange, '--yes');
  }
  const running = await Promise.all(ORGANISATIONS.map(start));
  const before = running[ORGANISATIONS.indexOf(LOST)] ?? assert.fail();
  const patient = await patientAt(before);
  const record = await add(patient);
  await enter(patient, record, Number(values.entries));
  await medseal('backup', '--data', `${root}/${LOST}`, '--to', `${root}/backup.tar`);
  await enter(patient, record, Number(values.after));
  const { log, index } = (await addTold(patient)).acknowledgement;
  await before.stop('SIGKILL');
  await rm(`${root}/${LOST}`, { recursive: true });

  const load = loadavg()[0] ?? 0;
  const begun = performance.now();
  await medseal('restore', `${root}/backup.tar`, '--data', `${root}/${LOST}`);
  const restored = performance.now();
  await start(LOST);
  const ready = performance.now();
  const next = await untilAdded(patient);
  const appended = performance.now();
  assert.ok(next.log === log && next.index > index, 'an index was used again');
  return {
    'entries before the backup, and after it': `${values.entries}, ${values.after}`,
    'load average when it began': load.toFixed(1),
    'restoring the folder': seconds(restored - begun),
    'from the start of the node until it is ready': seconds(ready - restored),
    'until it acknowledges a record': seconds(appended - ready),
    'all together': seconds(appended - begun),
  };
}

async function start(name: string): Promise<RunningUp> {
  return (await starts.get(name)?.()) ?? assert.fail(name);
}

async function medseal(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runMedseal(...args, '--json');
  assert.equal(code, 0, stdout + stderr);
}

async function patientAt({ ready }: RunningUp): Promise<Party> {
  const agent = httpAgent(`${ready.urls.agents}/${LOST}`);
  const network = await agent.network();
  const own = { seed: ports.random(32), device: memoryDevice(), network, agent };
  const patient = await openParty({ ...ports, ...own, log: `care/${LOST}` });
  await enrol(patient, { role: 'patient', organisation: LOST });
  await commitEpochs(patient, 3);
  return patient;
}

async function addTold(patient: Party): ReturnType<typeof addRecord> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes('a note');
  return await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
}

async function add(patient: Party): Promise<`0x${string}`> {
  return (await addTold(patient)).record;
}

/** Enters views of one record, some at once. */
async function enter(patient: Party, record: `0x${string}`, count: number): Promise<void> {
  const { handle } = await readPatientState(patient);
  for (let left = count; left > 0; left -= ARRAY) {
    const views = Array.from({ length: Math.min(left, ARRAY) }, () => ({
      request: sign(patient, patient, 'View', {
        log: patient.log,
        what: 'record',
        handle,
        record,
        version: 1,
        grant: ZERO32,
        purpose: 'PATRQT',
        deadline: Math.floor(Date.now() / 1000) + 300,
        salt: bytesToHex(ports.random(16)),
      }),
    }));
    for (const { outcome } of await patient.agent.submit(views)) {
      assert.equal(outcome, 'acknowledged');
    }
  }
}

async function untilAdded(patient: Party): Promise<{ log: string; index: number }> {
  for (;;) {
    try {
      return (await addTold(patient)).acknowledgement;
    } catch {
      await pause(50);
    }
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
