import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { runProgram } from '../../src/cli/program/runProgram.ts';
import { captureStreams } from '../../src/cli/test/captureStreams.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import { parseNetworkFile } from '../../src/protocol/parseNetworkFile.ts';
import type { Acknowledgement } from '../../src/protocol/evidence.ts';
import type { NetworkFile } from '../../src/protocol/NetworkFile.ts';
import { findEngine } from '../findEngine.ts';
import { foundConsortium, type TrialOrganisation } from './foundConsortium.ts';
import {
  startOrganisation,
  type OrganisationReady,
  type RunningOrganisation,
} from './startOrganisation.ts';
import { openVisitor } from './test/openVisitor.ts';

/** Faults of processes, one after the other, while a patient at each of four organisations writes all the time. */

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const { path: engine } = findEngine();
let founded: readonly TrialOrganisation[];
let network: NetworkFile;
const running = new Map<number, RunningOrganisation>();
const places = new Map<number, OrganisationReady>();
let said = '';
const heard: (() => void)[] = [];

function say(text: string): void {
  said += `${text}\n`;
  for (const wake of heard.splice(0)) wake();
}

/** Resolves once a process has said it, from a place in what was said on. */
async function hear(what: RegExp, from: number): Promise<void> {
  while (!what.test(said.slice(from))) await new Promise<void>((resolve) => heard.push(resolve));
}

async function start(place: number): Promise<void> {
  const options = founded[place];
  assert.ok(options !== undefined);
  const organisation = startOrganisation({ ...options, engine, say, isStopping: () => false });
  running.set(place, organisation);
  places.set(place, await organisation.ready);
}

function at(place: number): OrganisationReady {
  return places.get(place) ?? assert.fail('it does not run');
}

/** The organisations that a patient writes at. */
const ALL = [0, 1, 2, 3] as const;

/** A patient who writes until told to stop, and what was acknowledged. */
interface Writing {
  readonly patient: Party;
  readonly acknowledged: Acknowledgement[];
  stop(): Promise<void>;
}

async function write(place: number): Promise<Writing> {
  const patient = await openVisitor(network, at(place));
  await enrol(patient, { role: 'patient', organisation: at(place).organisation });
  await commitEpochs(patient, 2);
  const { handle } = await readPatientState(patient);
  const acknowledged: Acknowledgement[] = [];
  const ending = new AbortController();
  const writing = (async () => {
    for (let number = 0; !ending.signal.aborted; number++) {
      const content = utf8ToBytes(`record ${number}`);
      try {
        const record = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
        acknowledged.push((await addRecord(patient, record)).acknowledgement);
      } catch (error) {
        // A node that is away or stands alone says so, in an error with a code.
        if (!isMedsealError(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  })();
  return {
    patient,
    acknowledged,
    async stop() {
      ending.abort();
      await writing;
    },
  };
}

/** Does something to processes while patients write; gives each patient's acknowledgements. */
async function underLoad(fault: () => Promise<void>): Promise<readonly Writing[]> {
  const writers = await Promise.all(ALL.map(write));
  await fault();
  await Promise.all(writers.map(async (each) => await each.stop()));
  return writers;
}

/** Each acknowledged record is on its patient's chart once and has a receipt, and the logs agree everywhere. */
async function requireWhole(writers: readonly Writing[]): Promise<void> {
  for (const { patient, acknowledged } of writers) {
    assert.notEqual(acknowledged.length, 0);
    const { handle } = await readPatientState(patient);
    const after = acknowledged.slice(-1);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT', after });
    const entries = chart.records.map(({ acknowledgement }) => acknowledgement.entry);
    assert.equal(new Set(entries).size, entries.length);
    for (const { entry } of acknowledged) assert.ok(entries.includes(entry), entry);
    const last = acknowledged.at(-1) ?? assert.fail();
    await fetchReceipt(patient, last);
  }
  const urls = ALL.flatMap((place) => [
    '--url',
    `${at(place).organisation}=${at(place).urls.agents}`,
  ]);
  const pinned = join(founded[0]?.data ?? '', 'network.json');
  for (const command of [
    ['verify', 'network', pinned, '--rpc', at(0).urls.ledger],
    ['verify', 'log', '--network', pinned],
  ]) {
    const streams = captureStreams();
    const code = await runProgram([...command, ...urls], streams);
    assert.equal(code, 0, streams.out().toString() + streams.err());
  }
}

describe('four organisations with a validator each', { skip: engineMissing ?? false }, () => {
  before(async () => {
    const folder = await temporaryFolder(suite);
    founded = await foundConsortium({ folder, count: 4, engine, say });
    await Promise.all(ALL.map(start));
    const text = await readFile(join(founded[0]?.data ?? '', 'network.json'), 'utf8');
    network = parseNetworkFile(JSON.parse(text));
  });
  after(async () => {
    await Promise.all([...running.values()].map(async (each) => await each.stop()));
    for (const end of ends.toReversed()) await end();
  });

  it('lose nothing when each process is killed in turn', async () => {
    const writers = await underLoad(async () => {
      for (const place of ALL) {
        const from = said.length;
        process.kill(at(place).validator, 'SIGKILL');
        await hear(new RegExp(`The validator of ${at(place).organisation} runs`), from);
        process.kill(at(place).node, 'SIGKILL');
        await running.get(place)?.ended;
        await start(place);
      }
    });
    await requireWhole(writers);
  });

  it('go on while one hangs, node and validator', async () => {
    const writers = await underLoad(async () => {
      const { node, validator } = at(2);
      for (const pid of [node, validator]) process.kill(pid, 'SIGSTOP');
      const before = await openVisitor(network, at(1));
      await enrol(before, { role: 'patient', organisation: at(1).organisation });
      for (const pid of [node, validator]) process.kill(pid, 'SIGCONT');
    });
    await requireWhole(writers);
  });

  it('stop while two are away, and go on without a fork when one is back', async () => {
    const writers = await underLoad(async () => {
      for (const place of [2, 3]) process.kill(at(place).node, 'SIGKILL');
      await Promise.all([2, 3].map(async (place) => await running.get(place)?.ended));
      const stranger = await openVisitor(network, at(0));
      const alone = enrol(stranger, { role: 'patient', organisation: at(0).organisation });
      await assert.rejects(alone, (error) => isMedsealError(error));
      await start(2);
      const later = await openVisitor(network, at(0));
      await enrol(later, { role: 'patient', organisation: at(0).organisation });
      await start(3);
    });
    await requireWhole(writers);
  });
});
