/**
 * Cost of organisations: a network of so many in one process, on this disk, with a release key. Measures its founding, and then
 * entries that come one each second, and in arrays: processor time of everything together, bytes on the disk of one organisation
 * and of the ledger, and the ledger's blocks, each of which holds a checkpoint there.
 *
 * Other work of the machine changes none of these figures but processor time, and that a little.
 *
 * `node bench/growth.bench.ts [--organisations 4,10] [--entries N] [--parties N] [--json]`; 20 parties, 30 entries one by one,
 * and 32 times as many in arrays of 64.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { memoryDevice } from '../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../src/client/party/Party.ts';
import { openNetwork, type RunningNetwork } from '../src/node/openNetwork.ts';
import type { Submission } from '../src/protocol/AgentPort.ts';
import { submitArrays } from './support/submitArrays.ts';
import { grantRights, prepareArrays, prepareWrites } from './support/writeLoad.ts';

const { values } = parseArgs({
  options: {
    organisations: { type: 'string', default: '4,10' },
    entries: { type: 'string', default: '30' },
    parties: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const entries = Number(values.entries);
const parties = Number(values.parties);
const ARRAY = 64;
const LOG = 'care/hospital';

/** Costs of an entry, on average. */
interface Taken {
  readonly 'processor ms': number;
  readonly 'kB at one organisation': number;
  readonly 'kB of the ledger': number;
  readonly 'blocks of the ledger': number;
}

interface Measured {
  readonly organisations: number;
  readonly 'founding, processor s': number;
  readonly 'one each second': Taken;
  readonly 'in arrays of 64': Taken;
  readonly load: number;
}

async function openPartyOf({ agents, ports, file }: RunningNetwork): Promise<Party> {
  const agent = agents.get('hospital');
  if (agent === undefined) throw new Error('no agent');
  const own = { seed: ports.random(32), device: memoryDevice() };
  return await openParty({ ...ports, ...own, network: file, agent, log: LOG });
}

/** Measures a network of so many organisations, all but one third of which are honest. */
async function measure(count: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  const founding = process.cpuUsage();
  const network = await openNetwork({
    folder,
    demo: true,
    organisations: ['hospital', ...Array.from({ length: count - 1 }, (_, at) => `other-${at + 1}`)],
    faulty: Math.floor((count - 1) / 3),
  });
  const founded = seconds(founding);
  try {
    const rights = await grantRights(async () => await openPartyOf(network), parties);
    const submit = async (some: readonly Submission[]): Promise<void> => {
      const [outcome] = (await network.agents.get('hospital')?.submit(some)) ?? [];
      if (outcome?.outcome !== 'acknowledged') throw new Error(JSON.stringify(outcome));
    };
    // Programs that run for the first time are compiled meanwhile.
    for (const write of await prepareWrites(rights, parties)) await submit([write]);
    const single = await prepareWrites(rights, entries);
    const one = await taken(network, folder, async () => {
      for (const write of single) {
        const next = pause(1000);
        await submit([write]);
        await next;
      }
      return entries;
    });
    const arrays = await prepareArrays(rights, 32 * entries, ARRAY);
    const many = await taken(network, folder, async () => {
      const agent = network.agents.get('hospital');
      if (agent === undefined) throw new Error('no agent');
      const { acknowledged, refused } = await submitArrays(agent, arrays, {
        lanes: 4,
        seconds: 600,
      });
      if (Object.keys(refused).length > 0) throw new Error(JSON.stringify(refused));
      return acknowledged;
    });
    return {
      organisations: count,
      'founding, processor s': founded,
      'one each second': one,
      'in arrays of 64': many,
      load: Number((loadavg()[0] ?? 0).toFixed(1)),
    };
  } finally {
    await network.close();
    await rm(folder, { recursive: true });
  }
}

/** Runs entries, lets every organisation copy them, and returns what each took. */
async function taken(
  network: RunningNetwork,
  folder: string,
  run: () => Promise<number>,
): Promise<Taken> {
  const last = [...network.agents.keys()].at(-1) ?? '';
  const places = [join(folder, 'node', last), join(folder, 'node/ledger')];
  const bytes = async (): Promise<readonly number[]> => await Promise.all(places.map(bytesIn));
  const [before, blocks] = [await bytes(), await blocksOf(network)];
  const began = process.cpuUsage();
  const count = await run();
  await network.handOver();
  const spent = seconds(began);
  const after = await bytes();
  const each = (sum: number, digits = 1): number => Number((sum / count).toFixed(digits));
  const grown = (at: number): number => each(((after[at] ?? 0) - (before[at] ?? 0)) / 1000, 2);
  return {
    'processor ms': each(1000 * spent),
    'kB at one organisation': grown(0),
    'kB of the ledger': grown(1),
    'blocks of the ledger': each((await blocksOf(network)) - blocks, 3),
  };
}

async function blocksOf({ ledger }: RunningNetwork): Promise<number> {
  return Number(await ledger.request({ method: 'eth_blockNumber' }));
}

function seconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return Number(((user + system) / 1e6).toFixed(1));
}

async function bytesIn(path: string): Promise<number> {
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((each) => each.isFile())
    .map(async ({ parentPath, name }) => await stat(join(parentPath, name)).catch(() => undefined));
  return (await Promise.all(sizes)).reduce((sum, found) => sum + (found?.size ?? 0), 0);
}

for (const count of values.organisations.split(',').map(Number)) {
  const measured = await measure(count);
  if (values.json) console.log(JSON.stringify(measured));
  else {
    const { load, ...rest } = measured;
    console.log(
      `${count} organisations, founded with ${rest['founding, processor s']} s of processor time; load ${load}`,
    );
    console.table({
      'one each second': rest['one each second'],
      'in arrays of 64': rest['in arrays of 64'],
    });
  }
}
