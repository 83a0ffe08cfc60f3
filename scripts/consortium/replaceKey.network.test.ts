import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { runProgram } from '../../src/cli/runProgram.ts';
import { captureStreams } from '../../src/cli/test/captureStreams.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { httpAgent } from '../../src/client/agent/httpAgent.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { plainKeys } from '../../src/folder/keyGuard.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import type { Presence } from '../../src/node/validator/Presence.ts';
import { handedOver, openValidatorKeys } from '../../src/node/validator/validatorKeys.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import { presentNodes } from '../../src/protocol/network/networkLookups.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import { findEngine } from '../findEngine.ts';
import { choosePorts } from './foundConsortium.ts';
import {
  startOrganisation,
  type OrganisationReady,
  type RunningOrganisation,
} from './startOrganisation.ts';
import { openVisitor } from './test/openVisitor.ts';

/**
 * A consortium of which one machine dies: its node comes back from a backup with another key of its validator, which gets the
 * former one's place by a change that its organisation and the others sign, days before an ordinary one would hold; and
 * the lost machine wakes.
 */

const RUN = join(import.meta.dirname, 'runConsortium.ts');
/** Seconds of the ledger's delay: no ordinary change holds while this runs. */
const DELAY = 36_000;
/** Seconds from the proposal on after which the file names the new key. */
const HOLDS = 120;
const ports = await machinePorts();
const { path: engine } = findEngine();
const ends: (() => unknown)[] = [];
let folder: string;
let running: ChildProcessWithoutNullStreams;
let said = '';
let network: NetworkFile;
let doors: Readonly<Record<string, OrganisationReady['urls']>>;
let pid: number;
let restored: RunningOrganisation | undefined;
/** Keys of the pharmacy's validator: of the founding, and of its restored folder. */
let former: Bytes32;
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
  readonly waitingFor: readonly string[];
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

/** The powers of the founding, with another key in the place of the pharmacy's. */
function powersWith(present: Bytes32): Readonly<Record<Bytes32, number>> {
  return Object.fromEntries(
    presentNodes(network).flatMap(({ organisation, validator }) => {
      if (validator === undefined) return [];
      return [[organisation === 'pharmacy' ? present : validator.key, validator.stake]];
    }),
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

describe('a consortium of which one machine dies', { skip: engineMissing ?? false }, () => {
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
    doors = Object.fromEntries(organisations.map(({ organisation, urls }) => [organisation, urls]));
    pid = organisations.find(({ organisation }) => organisation === 'pharmacy')?.node ?? 0;
    const text = await readFile(join(folder, 'hospital', 'network.json'), 'utf8');
    network = parseNetworkFile(JSON.parse(text));
    const nodes = presentNodes(network);
    const own = nodes.find(({ organisation }) => organisation === 'pharmacy');
    former = own?.validator?.key ?? assert.fail();
  });
  after(async () => {
    await restored?.stop();
    if (running.exitCode === null && running.signalCode === null) {
      const ended = once(running, 'close');
      running.kill('SIGINT');
      await ended;
    }
    for (const end of ends.toReversed()) await end();
  });

  it('has it restored from a backup, with a key that has no vote, and its node says so', async () => {
    await prove('pharmacy');
    const backup = join(folder, 'pharmacy.tar');
    await requireDone('backup', ...at('pharmacy'), '--to', backup);
    await prove('pharmacy');
    process.kill(pid, 'SIGKILL');
    while (!said.includes(`The node of pharmacy (${pid}) ended`)) await pause(100);
    await rename(join(folder, 'pharmacy'), join(folder, 'lost'));
    await requireDone('restore', backup, ...at('pharmacy'));
    const data = join(folder, 'pharmacy');
    restored = startOrganisation({
      organisation: 'pharmacy',
      data,
      engine,
      say: (words) => void (said += words),
      isStopping: () => true,
    });
    restored.ready.catch(() => undefined);
    // Its doors are as before: the settings are in the backup.
    const { ready } = await untilAt('pharmacy', ({ waitingFor }) => {
      return waitingFor.some((each) => each.includes('--replace-key pharmacy'));
    });
    assert.equal(ready, false);
    ({ key } = await openValidatorKeys(join(data, 'validator'), { ...ports, guard: plainKeys }));
    assert.notEqual(key, former);
    assert.deepEqual(powersOf(await readyAt('hospital')), powersWith(former));
    // The others are a quorum, and go on.
    await prove('hospital');
  });

  it('is refused the place of its former key by k others alone, and by itself with one too few', async () => {
    const { validator } = presentNodes(network).at(-1) ?? {};
    const { address = '' } = validator ?? {};
    const identity = ['network', 'identity', ...at('pharmacy'), '--validator', address];
    await requireDone(...identity, '--exchange', folder);
    const file = join(folder, 'replace.json');
    const given = ['--identity', join(folder, 'pharmacy.identity.json')];
    const propose = ['network', 'propose', file, ...at('hospital'), ...given, '--yes'];
    const [code, text] = await medseal(...propose, '--replace-key', 'insurer');
    assert.notEqual(code, 0);
    assert.match(text, /that of pharmacy/);
    const wish = ['--replace-key', 'pharmacy', '--after', `${HOLDS}s`];
    await requireDone(...propose, ...wish);
    const publish = ['network', 'publish', file, ...at('hospital')];
    await requireDone('network', 'sign', file, ...at('laboratory'), '--yes');
    const proposed = await readFile(file, 'utf8');
    for (const [last, lacking] of [
      ['insurer', /1 more of the coordinator of pharmacy must sign/],
      ['pharmacy', /1 more of the coordinators other than that of pharmacy must sign/],
    ] as const) {
      await writeFile(file, proposed);
      await requireDone('network', 'sign', file, ...at(last), '--yes');
      const [refused, why] = await medseal(...publish);
      assert.notEqual(refused, 0);
      assert.match(why, lacking);
    }
    assert.deepEqual(powersOf(await readyAt('hospital')), powersWith(former));
  });

  it('gets the place in the next blocks once it and k others signed, and its node is ready', async () => {
    const file = join(folder, 'replace.json');
    // The pharmacy has signed it in the last round.
    await requireDone('network', 'sign', file, ...at('insurer'), '--yes');
    await requireDone('network', 'publish', file, ...at('hospital'));
    for (const name of ['hospital', 'pharmacy']) {
      await untilAt(name, (state) => isDeepStrictEqual(powersOf(state), powersWith(key)));
    }
    await restored?.ready;
    const { succession } = await untilAt('pharmacy', ({ ready }) => ready);
    // The ledger is ahead of the network file, which names the former key until its successor's moment.
    assert.equal(succession?.number, 0);
    await prove('pharmacy');
  });

  it('goes on beside the lost machine that wakes: its validator has no vote, and nobody signs twice', async () => {
    const old = join(folder, 'lost', 'validator');
    const settings = join(old, 'settings.json');
    const [free] = await choosePorts(1);
    const { validator: listen, rpc, blocks } = free ?? assert.fail();
    const moved = {
      ...(JSON.parse(await readFile(settings, 'utf8')) as Record<string, unknown>),
      listen: `127.0.0.1:${listen}`,
      rpc: `127.0.0.1:${rpc}`,
      blocks: `127.0.0.1:${blocks}`,
    };
    await writeFile(settings, JSON.stringify(moved));
    const keys = await openValidatorKeys(old, { ...ports, guard: plainKeys });
    assert.equal(keys.key, former);
    const beside = spawn(engine, ['start', old, '--attached']);
    beside.stdin.write(handedOver(keys));
    const ended = once(beside, 'close');
    try {
      await prove('pharmacy');
      await prove('insurer');
    } finally {
      beside.stdin.end();
      await ended;
    }
    for (const name of ['hospital', 'laboratory', 'insurer', 'pharmacy']) {
      const state = await readyAt(name);
      assert.deepEqual(powersOf(state), powersWith(key), name);
      assert.deepEqual(
        state.validator?.validators?.filter(({ out }) => out),
        [],
        name,
      );
    }
  });

  it('goes by the file that names the new key from its moment on, and everything verifies', async () => {
    for (const name of ['hospital', 'laboratory', 'insurer', 'pharmacy']) {
      await untilAt(name, ({ ready, succession }) => ready && succession?.number === 1);
    }
    await prove('pharmacy');
    const urls = Object.entries(doors).flatMap(([name, { agents }]) => [
      '--url',
      `${name}=${agents}`,
    ]);
    const rpc = ['--rpc', doors['pharmacy']?.ledger ?? ''];
    const successors = join(folder, 'successors.json');
    const given = await httpAgent(`${doors['pharmacy']?.agents}/pharmacy`).successors();
    await writeFile(successors, JSON.stringify(given));
    const pinned = join(folder, 'hospital', 'network.json');
    await requireDone('verify', 'network', pinned, '--successors', successors, ...rpc, ...urls);
  });
});
