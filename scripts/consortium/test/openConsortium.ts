import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram } from '../../../src/cli/runProgram.ts';
import { captureStreams } from '../../../src/cli/test/captureStreams.ts';
import { temporaryFolder } from '../../../src/cli/test/runMedseal.ts';
import { fetchReceipt } from '../../../src/client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../../src/client/party/enrol.ts';
import { addRecord } from '../../../src/client/records/addRecord.ts';
import { readPatientState } from '../../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import type { Presence } from '../../../src/node/validator/Presence.ts';
import type { Bytes32 } from '../../../src/protocol/ids.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import { presentNodes } from '../../../src/protocol/network/networkLookups.ts';
import { parseNetworkFile } from '../../../src/protocol/network/parseNetworkFile.ts';
import type { OrganisationReady } from '../startOrganisation.ts';
import { openVisitor } from './openVisitor.ts';

/** State of a node, as it tells everybody. */
export interface Ready {
  readonly ready: boolean;
  readonly waitingFor: readonly string[];
  readonly notYet: readonly string[];
  readonly succession?: { readonly number: number };
  readonly validator?: Partial<Presence>;
}

/** Four organisations, the hospital, the laboratory, the insurer and the pharmacy, which one program founded and runs. */
export interface Consortium {
  /** Folder of their folders. */
  readonly folder: string;
  readonly network: NetworkFile;
  /** Addresses of each one's node. */
  readonly doors: Readonly<Record<string, OrganisationReady['urls']>>;
  /** Process of an organisation's node. */
  nodeOf(organisation: string): number;
  /** Key of an organisation's validator, by the network file. */
  keyOf(organisation: string): Bytes32;
  /** All that the program said so far. */
  said(): string;
  /** The option that names an organisation's folder. */
  at(organisation: string): readonly string[];
  readyAt(organisation: string): Promise<Ready>;
  /** Waits until a node's state is as wanted; the test's own time bounds it. */
  untilAt(organisation: string, isSo: (state: Ready) => boolean): Promise<Ready>;
  /** Has a new patient of an organisation add a record, with its receipt. */
  prove(organisation: string): Promise<void>;
  /** Ends the program, and removes the folder. */
  close(): Promise<void>;
}

const RUN = join(import.meta.dirname, '..', 'runConsortium.ts');

/**
 * Founds four organisations without a release key, and starts them.
 *
 * @param delay - Seconds of the ledger's delay.
 */
export async function openConsortium(delay: number): Promise<Consortium> {
  const ends: (() => unknown)[] = [];
  const folder = await temporaryFolder({ after: (end: () => unknown) => void ends.push(end) });
  const args = [RUN, '--data', folder, '--delay', String(delay), '--unguarded', '--json'];
  const running = spawn(process.execPath, args);
  let said = '';
  running.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const close = async (): Promise<void> => {
    if (running.exitCode === null && running.signalCode === null) {
      const ended = once(running, 'close');
      running.kill('SIGINT');
      await ended;
    }
    for (const end of ends.toReversed()) await end();
  };
  try {
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(running.stdout).once('line', resolve);
      running.once('close', () => reject(new Error(`it ended early: ${said}`)));
    });
    const { organisations } = JSON.parse(line) as { organisations: readonly OrganisationReady[] };
    const text = await readFile(join(folder, 'hospital', 'network.json'), 'utf8');
    const network = parseNetworkFile(JSON.parse(text));
    return { ...consortiumOf(folder, network, organisations), said: () => said, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function consortiumOf(
  folder: string,
  network: NetworkFile,
  organisations: readonly OrganisationReady[],
): Omit<Consortium, 'said' | 'close'> {
  const doors: Consortium['doors'] = Object.fromEntries(
    organisations.map(({ organisation, urls }) => [organisation, urls]),
  );
  const readyAt = async (organisation: string): Promise<Ready> => {
    const answer = await fetch(`${doors[organisation]?.operate}/readyz`);
    return (await answer.json()) as Ready;
  };
  return {
    folder,
    network,
    doors,
    nodeOf: (name) =>
      organisations.find(({ organisation }) => organisation === name)?.node ?? assert.fail(),
    keyOf: (name) =>
      presentNodes(network).find(({ organisation }) => organisation === name)?.validator?.key ??
      assert.fail(),
    at: (organisation) => ['--data', join(folder, organisation)],
    readyAt,
    async untilAt(organisation, isSo) {
      for (;;) {
        const state = await readyAt(organisation).catch(() => undefined);
        if (state !== undefined && isSo(state)) return state;
        await pause(250);
      }
    },
    async prove(organisation) {
      const urls = doors[organisation] ?? assert.fail();
      const party = await openVisitor(network, { organisation, urls });
      await enrol(party, { role: 'patient', organisation });
      await commitEpochs(party, 2);
      const { handle } = await readPatientState(party);
      const content = utf8ToBytes(`at ${organisation}`);
      const record = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
      const { acknowledgement } = await addRecord(party, record);
      await fetchReceipt(party, acknowledgement);
    },
  };
}

/** Powers of the validators that have some, by their keys. */
export function powersOf({ validator }: Ready): Readonly<Record<Bytes32, number>> {
  const all = validator?.validators ?? [];
  return Object.fromEntries(
    all.filter(({ power }) => power > 0).map((each) => [each.key, each.power]),
  );
}

/** Runs a `medseal` command in this process; returns its exit code and all that it said. */
export async function medseal(
  ...args: readonly string[]
): Promise<readonly [code: number, said: string]> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return [code, streams.out().toString() + streams.err()];
}

/** Runs a `medseal` command, which has to succeed. */
export async function requireDone(...args: readonly string[]): Promise<void> {
  const [code, text] = await medseal(...args);
  assert.equal(code, 0, text);
}
