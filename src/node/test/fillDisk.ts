import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { addRecord } from '../../client/records/addRecord.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import type { DeviceStore } from '../../client/party/DeviceStore.ts';
import { enrol } from '../../client/party/enrol.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { SYNCED } from '../../database/synced.ts';
import { openNetwork, type RunningNetwork } from '../openNetwork.ts';
import { openOrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { takeRoom } from './takeRoom.ts';

/**
 * Fills the small disk that a folder is on, while it is written to, makes room again, and checks that
 * everything that was acknowledged is there: `node fillDisk.ts FOLDER`. It prints what it did as JSON.
 */

const [folder = ''] = process.argv.slice(2);
/** Bytes that are left when the disk is filled: the write that fails is another one each time. */
const ROOMS = [0, 4096, 20_480, 65_536, 131_072, 262_144];

const rows = await fillDatabase();
const networks: Filled[] = [];
for (const room of ROOMS) networks.push(await fillNetwork(room));
process.stdout.write(`${JSON.stringify({ rows, networks })}\n`);

/** A database of an organisation, alone. */
async function fillDatabase(): Promise<{ readonly kept: number; readonly refused: number }> {
  const place = await openOrganisationFolder(`${folder}/one`);
  let database = await place.database('rows');
  const kept: string[] = [];
  let refused = 0;
  const write = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number++) {
      const key = `row ${kept.length + refused}`;
      await database.put(key, 'x'.repeat(700 + ((number * 37) % 900)), SYNCED).then(
        () => kept.push(key),
        () => (refused += 1),
      );
    }
  };
  await write(50);
  const makeRoom = takeRoom(folder, 0);
  await write(20);
  makeRoom();
  const before = refused;
  await write(50);
  assert.equal(refused - before, 50, 'a database goes on after a write that failed');
  await database.close();
  database = await place.database('rows');
  await write(50);
  await database.close();
  database = await place.database('rows');
  for (const key of kept) assert.notEqual(await database.get(key), undefined, `${key} is lost`);
  await database.close();
  rmSync(`${folder}/one`, { recursive: true });
  return { kept: kept.length, refused };
}

/** Fate of a network on a disk that was filled. */
interface Filled {
  readonly room: number;
  readonly acknowledged: number;
  readonly refused: readonly string[];
}

async function fillNetwork(room: number): Promise<Filled> {
  const data = `${folder}/network-${room}`;
  const device = memoryDevice();
  const refused = new Set<string>();
  const acknowledged = new Map<string, string>();
  let network = await openNetwork({ folder: data, demo: true });
  const seed = network.ports.random(32);
  let patient = await partyAt(network, seed, device);
  await enrol(patient, { role: 'patient', organisation: 'hospital' });
  await commitEpochs(patient, 2);
  const { handle } = await readPatientState(patient);
  const add = async (text: string): Promise<void> => {
    const version = { handle, category: 'other', content: utf8ToBytes(text) } as const;
    const { acknowledgement } = await addRecord(patient, { ...version, purpose: 'PATRQT' });
    acknowledged.set(acknowledgement.entry, text);
  };
  const attempt = async (text: string): Promise<void> => {
    await add(text).catch((error: unknown) => {
      if (!isMedsealError(error)) throw error;
      refused.add(error.code);
    });
  };
  for (let number = 0; number < 5; number++) await add(`early ${number}`);
  const makeRoom = takeRoom(folder, room);
  for (let number = 0; number < 60 && refused.size === 0; number++) await attempt(`full ${number}`);
  await attempt('still full');
  makeRoom();
  await attempt('room again');
  await network.close().catch(() => undefined);
  network = await openNetwork({ folder: data, demo: true });
  patient = await partyAt(network, seed, device);
  await add('afterwards');
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const listed = chart.records.map(({ acknowledgement }) => acknowledgement.entry);
  assert.equal(new Set(listed).size, listed.length, 'an entry is listed twice');
  for (const [entry, text] of acknowledged) {
    const record = chart.records.find(({ acknowledgement }) => acknowledgement.entry === entry);
    assert.ok(record !== undefined, `${text} is lost with ${room} bytes left`);
    assert.equal(bytesToUtf8((await readRecord(patient, chart, record)).content), text);
  }
  await network.close();
  rmSync(data, { recursive: true });
  return { room, acknowledged: acknowledged.size, refused: [...refused] };
}

async function partyAt(
  { file, ports, agents }: RunningNetwork,
  seed: Uint8Array,
  device: DeviceStore,
): Promise<Party> {
  const agent = agents.get('hospital');
  if (agent === undefined) throw new Error('no hospital');
  return await openParty({ ...ports, seed, network: file, agent, log: 'care/hospital', device });
}
