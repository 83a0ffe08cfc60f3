import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requestAccess } from '../../src/client/letters/accessRequests.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { openParty, type Party } from '../../src/client/party/Party.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecords } from '../../src/client/records/readRecords.ts';
import { readHistory } from '../../src/client/records/readHistory.ts';
import { memoryDevice } from '../../src/client/party/memoryDevice.ts';
import { readKeystore, writeKey } from '../../src/device/keystore.ts';
import { lockKey } from '../../src/device/lockedKeys.ts';
import { openKeyParty } from '../../src/device/openKeystoreParty.ts';
import { openNetwork, type RunningNetwork } from '../../src/node/openNetwork.ts';
import { addTo, foundFolder, partyAt } from '../../src/node/test/foundFolder.ts';
import { formatEvidenceFile } from '../../src/protocol/evidence/parseEvidenceFile.ts';
import { scenario } from '../../demo/stage/scenario.ts';
import { silentTerminal } from './silentTerminal.ts';

/** A network that was stopped, and what a party kept of it. */
export interface Stage {
  /** Its data folder. */
  readonly data: string;
  /** The same folder as it was at an earlier stop. */
  readonly older: string;
  /** Files that a party kept: receipts, an acknowledgement, a history, the network file. */
  readonly evidence: string;
  /** Those files as they were at the earlier stop. */
  readonly olderEvidence: string;
  /** The passphrase of the key that has one. */
  readonly passphrase: string;
}

const PASSPHRASE = 'an altered byte shows';
const HISTORY = 'history.json';

/**
 * Founds a network, lets its parties do everything once, stops it and copies it; then the same again on top.
 *
 * @param root - An empty folder.
 * @param size - `whole`: the papers' scenario; `small`: a few records, for tests that are to be quick.
 */
export async function setStage(root: string, size: 'whole' | 'small'): Promise<Stage> {
  const [data, older, evidence, olderEvidence] = [
    'data',
    'older',
    'evidence',
    'evidence-older',
  ].map((name) => join(root, name)) as [string, string, string, string];
  await mkdir(evidence, { recursive: true });
  for (const time of [1, 2]) {
    if (size === 'whole') {
      await scenario(silentTerminal, { data, receipts: evidence, json: true });
    } else if (time === 1) {
      await foundFolder(data);
    }
    await addTheRest(data, evidence, time);
    if (time === 1) {
      await cp(data, older, { recursive: true });
      await cp(evidence, olderEvidence, { recursive: true });
    }
  }
  return { data, older, evidence, olderEvidence, passphrase: PASSPHRASE };
}

/** Adds what the scenario lacks: a large file, a letter that waits, a key under a passphrase, evidence of each form. */
async function addTheRest(data: string, evidence: string, time: number): Promise<void> {
  const network = await openNetwork({ folder: data, demo: true });
  try {
    const patient = await patientOf(network, data);
    for (const length of [33_000, 300]) {
      const acknowledgement = await addTo(patient, new Uint8Array(length).fill(length % 251));
      const receipt = await fetchReceipt(patient, acknowledgement);
      await keep(`receipt-${time}-${length}`, receipt);
      await keep(`acknowledgement-${time}-${length}`, acknowledgement);
    }
    await readAll(patient);
    await askForAccess(network, patient);
    const checkpoint = await patient.agent.checkpoint('care/hospital');
    await writeFile(
      join(evidence, HISTORY),
      formatEvidenceFile(await readHistory(patient, checkpoint)),
    );
    await lockOne(network, data);
    for (const contributor of network.contributors.values()) {
      await contributor.catchUp();
      await contributor.filesTried();
    }
  } finally {
    await network.close();
  }
  await writeFile(join(evidence, 'network.json'), await readFile(join(data, 'network.json')));

  async function keep(
    name: string,
    value: Parameters<typeof formatEvidenceFile>[0],
  ): Promise<void> {
    await writeFile(join(evidence, `${name}.json`), formatEvidenceFile(value));
  }
}

async function patientOf(network: RunningNetwork, data: string): Promise<Party> {
  const keystore = join(data, 'parties');
  const keys = await readKeystore(keystore, network.file).catch(() => []);
  const key = keys.find(({ name }) => name === 'patient');
  const agent = network.agents.get('hospital');
  if (key === undefined || agent === undefined) return await partyAt(network, data);
  const { file, ports } = network;
  return await openKeyParty(key, {
    network: file,
    ports,
    keystore,
    agent,
    organisation: 'hospital',
  });
}

/** A party whose device is forgotten. */
async function visitor(
  network: RunningNetwork,
  organisation: string,
  seed: Uint8Array,
): Promise<Party> {
  const agent = network.agents.get(organisation);
  if (agent === undefined) throw new Error(`no ${organisation}`);
  return await openParty({
    ...network.ports,
    seed,
    network: network.file,
    agent,
    log: `care/${organisation}`,
    device: memoryDevice(),
  });
}

/** A view of several records, whose list coordinators keep. */
async function readAll(patient: Party): Promise<void> {
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  for await (const read of readRecords(patient, chart, chart.records)) {
    // The scenario erases some.
    if ('error' in read && read.error.code !== 'RECORD_ERASED') throw read.error;
  }
}

/** A letter to the patient, which nobody collects. */
async function askForAccess(network: RunningNetwork, patient: Party): Promise<void> {
  const lab = await visitor(network, 'laboratory', network.ports.random(32));
  await enrol(lab, { role: 'lab', organisation: 'laboratory' });
  const { handle } = await readPatientState(patient);
  await requestAccess(lab, {
    handle,
    categories: ['laboratory'],
    actions: ['add'],
    purpose: 'TREAT',
    until: Math.floor(Date.now() / 1000) + 3600,
  });
}

async function lockOne(network: RunningNetwork, data: string): Promise<void> {
  const { ports } = network;
  const keystore = join(data, 'parties');
  if ((await readdir(keystore)).includes('locked')) return;
  const owner = { name: 'locked', role: 'nurse', organisation: 'hospital' } as const;
  // The cost of a guess is not what is tried here.
  const options = { workFactor: 2 };
  const seed = ports.random(32);
  const key = await lockKey(ports.primitives, owner, seed, PASSPHRASE, options);
  await writeKey(keystore, key);
  await enrol(await visitor(network, owner.organisation, seed), owner);
}
