import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { httpAgent } from '../../src/client/agent/httpAgent.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { memoryDevice } from '../../src/client/party/memoryDevice.ts';
import { openParty } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { runProgram } from '../../src/cli/runProgram.ts';
import { captureStreams } from '../../src/cli/test/captureStreams.ts';
import { temporaryFolder, type Run } from '../../src/cli/test/runMedseal.ts';
import { startNode, type RunningUp } from '../../src/cli/test/startNode.ts';
import { bytesToHex, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import { canonicalJson } from '../../src/protocol/wire/canonicalJson.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import { findEngine } from '../findEngine.ts';
import { freePorts } from '../freePorts.ts';
import { foundConsortium } from './foundConsortium.ts';
import {
  startOrganisation,
  type OrganisationReady,
  type RunningOrganisation,
} from './startOrganisation.ts';

/** A channel of two of four organisations, on the ledger that the validators of all four hold. */

const INSIDE = ['hospital', 'laboratory'] as const;
const ports = await machinePorts();
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const { path: engine } = findEngine();
const running: RunningOrganisation[] = [];
let ready: readonly OrganisationReady[];
/** Ports at which the channel's nodes serve each other. */
const doors = new Map<string, number>();
let root: string;
let channel: NetworkFile;
let said = '';

async function run(...args: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

async function medseal(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(...args, '--json');
  assert.equal(code, 0, stdout + stderr);
}

function say(text: string): void {
  said += `${text}\n`;
}

function data(name: string): string {
  return join(root, 'research', name);
}

describe(
  'a channel of two of four organisations with a validator each',
  {
    skip: engineMissing ?? false,
  },
  () => {
    before(async () => {
      root = await temporaryFolder(suite);
      const founded = await foundConsortium({ folder: join(root, 'care'), count: 4, engine, say });
      for (const each of founded) {
        running.push(startOrganisation({ ...each, engine, say, isStopping: () => true }));
      }
      ready = await Promise.all(running.map(async (each) => await each.ready));
    });
    after(async () => {
      for (const end of ends.splice(1).toReversed()) await end();
      await Promise.all(running.map(async (each) => await each.stop()));
      for (const end of ends) await end();
    });

    it('is founded by files, and admitted by three members of the authority', async () => {
      const exchange = join(root, 'research', 'exchange');
      await mkdir(exchange, { recursive: true });
      for (const name of INSIDE) doors.set(name, (await freePorts(1))[0] ?? 0);
      const on = (name: string): readonly string[] => ['--on', join(root, 'care', name)];
      for (const name of INSIDE) {
        const own = ['--organisation', name, '--url', `https://127.0.0.1:${doors.get(name)}`];
        const where = ['--data', data(name), '--exchange', exchange, '--plain-keys'];
        await medseal('init', ...own, ...where, ...on(name));
        const file = join(data(name), 'medseal.json');
        const settings = JSON.parse(await readFile(file, 'utf8')) as object;
        const more = { authority: { accepts: 'everyone' } };
        await writeFile(file, JSON.stringify({ ...settings, ...more }));
      }
      const where = ['--exchange', exchange, '--yes'];
      const terms = ['--found', '--channel', 'research', '--categories', 'laboratory'];
      await medseal('init', '--data', data('hospital'), ...where, ...on('hospital'), ...terms);
      for (const name of ['laboratory', 'hospital']) {
        await medseal('init', '--data', data(name), ...where, ...on(name));
      }
      const text = await readFile(join(data('hospital'), 'network.json'), 'utf8');
      channel = parseNetworkFile(JSON.parse(text));
      assert.equal(channel.ledger.of?.validators?.length, 4);
      for (const { data: folder } of ready.slice(1)) {
        await medseal(
          'channel',
          'admit',
          join(exchange, 'accounts.json'),
          '--data',
          folder,
          '--yes',
        );
      }
    });

    it('takes records, and is verified by its own file: receipts offline, and the ledger by the validators in it', async () => {
      const nodes: RunningUp[] = await Promise.all(
        INSIDE.map(
          async (name) =>
            await startNode(suite, data(name), '--set', `peers.port=${doors.get(name)}`).catch(() =>
              assert.fail(said),
            ),
        ),
      );
      const [{ ready: node } = assert.fail()] = nodes;
      const patient = await openParty({
        ...ports,
        seed: ports.random(32),
        network: channel,
        agent: httpAgent(`${node.urls.agents}/hospital`),
        log: 'research/hospital',
        device: memoryDevice(),
      });
      await enrol(patient, { role: 'patient', organisation: 'hospital' });
      await commitEpochs(patient, 2);
      const { handle } = await readPatientState(patient);
      const content = utf8ToBytes('a result');
      const terms = { handle, content, purpose: 'PATRQT' } as const;
      const { acknowledgement } = await addRecord(patient, { ...terms, category: 'laboratory' });
      const receipt = await fetchReceipt(patient, acknowledgement);

      const home = ['--home', join(root, 'device')];
      const pinned = join(data('hospital'), 'network.json');
      const file = join(root, 'receipt.json');
      await writeFile(file, canonicalJson(receipt));
      const offline = await run('verify', file, '--offline', '--network', pinned, ...home);
      assert.equal(offline.code, 0, offline.stdout + offline.stderr);
      const rpc = ['--rpc', ready[2]?.urls.ledger ?? ''];
      const whole = await run('verify', 'network', pinned, ...rpc, ...home);
      assert.equal(whole.code, 0, whole.stdout + whole.stderr);

      // With other validators, nothing that the ledger's nodes say is proven.
      const { ledger } = channel;
      const validators = ledger.of?.validators?.map((each) => ({
        ...each,
        key: bytesToHex(ports.random(32)),
      }));
      const forged = { ...channel, ledger: { ...ledger, of: { ...ledger.of, validators } } };
      const other = join(root, 'forged.json');
      await writeFile(other, JSON.stringify(forged));
      const refused = await run('verify', 'network', other, ...rpc, ...home);
      assert.equal(refused.code, 1, refused.stdout + refused.stderr);
      assert.match(refused.stdout, /Not safe/);
    });
  },
);
