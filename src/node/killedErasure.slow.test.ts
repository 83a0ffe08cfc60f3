import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openParty, type Party } from '../client/party/Party.ts';
import { readChart, type Chart } from '../client/records/readChart.ts';
import type { ChartRecord } from '../client/records/viewChart.ts';
import { viewVersions } from '../client/records/viewVersions.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { openDeviceFolder } from '../device/deviceFolder.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { openNetwork, type RunningNetwork } from './openNetwork.ts';
import { scratchFolder } from './test/scratchFolder.ts';

const PROGRAM = fileURLToPath(new URL('test/eraseUntilKilled.ts', import.meta.url));
const SEED = 'a5'.repeat(32);
const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const MOMENTS = [
  ['row', 'before a vault’s index forgets a file'],
  ['bytes', 'when the index has forgotten it, and its bytes are there'],
] as const;

let root: string;
before(async () => {
  root = await scratchFolder();
});
after(async () => await rm(root, { recursive: true }));

/** Runs the program until the log has the erasure and each organisation is about to delete, and kills it. */
async function killedAmid(folder: string, moment: string): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, folder, SEED, moment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    const isErased = lines.some((each) => each.startsWith('erased'));
    const count = lines.filter((each) => each === 'held').length;
    if (isErased && count >= ORGANISATIONS.length) child.kill('SIGKILL');
  }
  const [, signal] = (await ended) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', lines.join('\n'));
}

/** Number of large sealed files that each organisation has on its disk. */
async function filesOf(folder: string): Promise<readonly number[]> {
  return await Promise.all(
    ORGANISATIONS.map(async (name) => {
      const path = join(folder, 'node', name, 'vault/sealed');
      const found = await readdir(path, { recursive: true, withFileTypes: true });
      return found.filter((each) => each.isFile()).length;
    }),
  );
}

async function patientAt(network: RunningNetwork, folder: string): Promise<Party> {
  return await openParty({
    ...network.ports,
    seed: Buffer.from(SEED, 'hex'),
    network: network.file,
    agent: network.agents.get('hospital') ?? assert.fail(),
    log: 'care/hospital',
    device: await openDeviceFolder(`${folder}/parties/patient`),
  });
}

async function requireRefused(party: Party, chart: Chart, records: readonly ChartRecord[]) {
  const wanted = { handle: chart.handle, purpose: 'PATRQT' } as const;
  for (const outcome of (await viewVersions(party, wanted, records)).views) {
    assert.ok(outcome instanceof Error);
    failsWith('RECORD_ERASED', { category: 'imaging' })(outcome);
  }
}

describe('a node that is killed (kill -9) between the entry of an erasure and the deletion of the files', () => {
  for (const [moment, when] of MOMENTS) {
    // @attack a node that is killed (kill -9) between the entry of an erasure and the deletion shows an erased record, or keeps its file | views are refused at once, and the files go
    it(`deletes them once it runs again, and shows them to nobody meanwhile: ${when}`, async () => {
      const folder = join(root, moment);
      await killedAmid(folder, moment);
      assert.deepEqual(await filesOf(folder), [3, 3, 3]);
      const failures: unknown[] = [];
      const network = await openNetwork({
        folder,
        demo: true,
        onFailure: (error) => failures.push(error),
      });
      try {
        const patient = await patientAt(network, folder);
        const { handle } = await readPatientState(patient);
        const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
        const erased = chart.records.filter(({ category }) => category === 'imaging');
        assert.equal(erased.length, 2);
        await requireRefused(patient, chart, erased);
        for (const contributor of network.contributors.values()) {
          await contributor.catchUp();
          await contributor.filesTried();
        }
        assert.deepEqual(await filesOf(folder), [1, 1, 1]);
        await requireRefused(patient, chart, erased);
        for (const { files } of await repaired(network)) {
          assert.deepEqual([files.restored, files.lost], [[], []]);
        }
        assert.deepEqual(await filesOf(folder), [1, 1, 1]);
        const others = chart.records.filter(({ category }) => category !== 'imaging');
        const wanted = { handle, purpose: 'PATRQT' } as const;
        for (const outcome of (await viewVersions(patient, wanted, others)).views) {
          assert.ok(!(outcome instanceof Error));
        }
        assert.deepEqual(failures, []);
      } finally {
        await network.close();
      }
    });
  }
});

async function repaired({ contributors }: RunningNetwork) {
  const found = [...contributors.values()].map(async (each) => await each.repair());
  return await Promise.all(found);
}
