import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram } from '../../src/cli/runProgram.ts';
import { captureStreams } from '../../src/cli/test/captureStreams.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import type { Presence } from '../../src/node/validator/Presence.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import { presentNodes } from '../../src/protocol/network/networkLookups.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import type { OrganisationReady } from './startOrganisation.ts';
import { openVisitor } from './test/openVisitor.ts';

/**
 * A consortium of which one validator's key is in other hands: all others take its power at once, and it has it again when the ledger's
 * delay is over and nobody confirmed that.
 */

const RUN = join(import.meta.dirname, 'runConsortium.ts');
/** Seconds of the ledger's delay, after which the removal lapses. */
const DELAY = 150;
const NAMES = ['hospital', 'laboratory', 'insurer', 'pharmacy'] as const;
const ends: (() => unknown)[] = [];
let folder: string;
let running: ChildProcessWithoutNullStreams;
let said = '';
let network: NetworkFile;
let doors: Readonly<Record<string, OrganisationReady['urls']>>;
let key: Bytes32;

async function medseal(...args: readonly string[]): Promise<readonly [code: number, said: string]> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return [code, streams.out().toString() + streams.err()];
}

async function requireDone(...args: readonly string[]): Promise<void> {
  const [code, text] = await medseal(...args);
  assert.equal(code, 0, text);
}

/** State of a node, as it tells everybody. */
interface Ready {
  readonly ready: boolean;
  readonly notYet: readonly string[];
  readonly succession?: { readonly number: number };
  readonly validator?: Partial<Presence>;
}

async function readyAt(organisation: string): Promise<Ready> {
  const answer = await fetch(`${doors[organisation]?.operate}/readyz`);
  return (await answer.json()) as Ready;
}

/** Waits until a node's state is as wanted; the test's own time bounds it. */
async function untilAt(organisation: string, isSo: (state: Ready) => boolean): Promise<Ready> {
  for (;;) {
    const state = await readyAt(organisation).catch(() => undefined);
    if (state !== undefined && isSo(state)) return state;
    await pause(250);
  }
}

function powersOf({ validator }: Ready): Readonly<Record<Bytes32, number>> {
  const all = validator?.validators ?? [];
  return Object.fromEntries(
    all.filter(({ power }) => power > 0).map((each) => [each.key, each.power]),
  );
}

/** Has a new patient of an organisation add a record, with its receipt. */
async function prove(organisation: string): Promise<void> {
  const urls = doors[organisation] ?? assert.fail();
  const party = await openVisitor(network, { organisation, urls });
  await enrol(party, { role: 'patient', organisation });
  await commitEpochs(party, 2);
  const { handle } = await readPatientState(party);
  const content = utf8ToBytes(`at ${organisation}`);
  const record = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
  const { acknowledgement } = await addRecord(party, record);
  await fetchReceipt(party, acknowledgement);
}

function at(organisation: string): readonly string[] {
  return ['--data', join(folder, organisation)];
}

describe(
  'a consortium of which one key is in other hands',
  { skip: engineMissing ?? false },
  () => {
    before(async () => {
      folder = await temporaryFolder({ after: (end: () => unknown) => void ends.push(end) });
      const args = [RUN, '--data', folder, '--delay', String(DELAY), '--unguarded', '--json'];
      running = spawn(process.execPath, args);
      running.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const line = await new Promise<string>((resolve, reject) => {
        createInterface(running.stdout).once('line', resolve);
        running.once('close', () => reject(new Error(`it ended early: ${said}`)));
      });
      const { organisations } = JSON.parse(line) as { organisations: readonly OrganisationReady[] };
      doors = Object.fromEntries(
        organisations.map(({ organisation, urls }) => [organisation, urls]),
      );
      const text = await readFile(join(folder, 'hospital', 'network.json'), 'utf8');
      network = parseNetworkFile(JSON.parse(text));
      key =
        presentNodes(network).find((each) => each.organisation === 'pharmacy')?.validator?.key ??
        assert.fail();
    });
    after(async () => {
      if (running.exitCode === null && running.signalCode === null) {
        const ended = once(running, 'close');
        running.kill('SIGINT');
        await ended;
      }
      for (const end of ends.toReversed()) await end();
    });

    it('leaves its power as it is while one of the others has not signed, whoever else has', async () => {
      const file = join(folder, 'remove.json');
      await requireDone(
        'network',
        'propose',
        file,
        ...at('hospital'),
        '--remove-key',
        'pharmacy',
        '--yes',
      );
      await requireDone('network', 'sign', file, ...at('laboratory'), '--yes');
      const proposed = await readFile(file, 'utf8');
      await requireDone('network', 'sign', file, ...at('pharmacy'), '--yes');
      const [refused, why] = await medseal('network', 'publish', file, ...at('hospital'));
      assert.notEqual(refused, 0);
      assert.match(why, /1 more of the coordinators other than that of pharmacy must sign/);
      assert.equal(powersOf(await readyAt('hospital'))[key], 10);
      await writeFile(file, proposed);
    });

    it('takes its power in the next blocks once all others signed, every node says so, and the network goes on', async () => {
      const file = join(folder, 'remove.json');
      await requireDone('network', 'sign', file, ...at('insurer'), '--yes');
      await requireDone('network', 'publish', file, ...at('hospital'));
      await untilAt('hospital', (state) => powersOf(state)[key] === undefined);
      await untilAt('hospital', ({ notYet }) =>
        notYet.some((each) => each.startsWith('pharmacy signs blocks: all others took power')),
      );
      await prove('hospital');
      // Its node serves as before: no seat, log or share went with the power.
      await prove('pharmacy');
    });

    it('gives its power back by itself when the delay is over and no change took its stake', async () => {
      for (const name of NAMES) {
        await untilAt(name, (state) => powersOf(state)[key] === 10);
        await untilAt(
          name,
          ({ ready, notYet }) => ready && !notYet.some((each) => each.startsWith('pharmacy')),
        );
      }
      await prove('pharmacy');
    });
  },
);
