/**
 * Evidence over four organisations in processes of their own, each with a validator that holds the ledger, beside four in
 * one process with the embedded ledger: both over HTTP from this process, on this machine, in one run. Requests go to the
 * first organisation's node in arrays, some at a time, then one alone; then with one of the four organisations hung.
 *
 * `node bench/organisations.bench.ts [--seconds N] [--parties N] [--array N] [--lanes N] [--json]`. The engine must have
 * been built: `npm run build engine`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findEngine } from '../scripts/findEngine.ts';
import { foundConsortium } from '../scripts/consortium/foundConsortium.ts';
import { startOrganisation } from '../scripts/consortium/startOrganisation.ts';
import { openVisitor } from '../scripts/consortium/test/openVisitor.ts';
import { httpAgent } from '../src/client/agent/httpAgent.ts';
import { listen } from '../src/http/listen.ts';
import { networkApp } from '../src/http/networkApp.ts';
import { openNetwork } from '../src/node/openNetwork.ts';
import type { Submission } from '../src/protocol/AgentPort.ts';
import type { NetworkFile } from '../src/protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../src/protocol/network/parseNetworkFile.ts';
import { submitArrays } from './support/submitArrays.ts';
import { grantRights, prepareArrays, prepareWrites } from './support/writeLoad.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    parties: { type: 'string', default: '200' },
    array: { type: 'string', default: '64' },
    lanes: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const arraySize = Number(values.array);
const lanes = Number(values.lanes);
/** The most requests in a second that are made ready; more come from no network of four here. */
const MOST = 1500;
/** Number of requests that are sent one at a time. */
const ALONE = 100;

interface Measured {
  readonly entriesPerSecond: number;
  /** Milliseconds of one request alone. */
  readonly alone: Quantiles;
}

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

interface Place {
  readonly network: NetworkFile;
  readonly organisation: string;
  readonly url: string;
}

/** Loads a network through its first organisation's node; then again while something else is so. */
async function measure(place: Place, otherwise?: () => void): Promise<readonly Measured[]> {
  const { network, organisation, url } = place;
  const urls = { agents: url, peers: '', ledger: '', operate: '' };
  const open = async () => await openVisitor(network, { organisation, urls });
  const rights = await grantRights(open, Number(values.parties));
  const agent = httpAgent(`${url}/${organisation}`);
  const load = async (): Promise<Measured> => {
    const arrays = await prepareArrays(rights, MOST * seconds, arraySize);
    const {
      acknowledged,
      seconds: took,
      refused,
    } = await submitArrays(agent, arrays, { lanes, seconds });
    if (Object.keys(refused).length > 0) throw new Error(JSON.stringify(refused));
    const times: number[] = [];
    for (const submission of await prepareWrites(rights, ALONE)) times.push(await one(submission));
    return { entriesPerSecond: Math.round(acknowledged / took), alone: quantiles(times) };
  };
  const one = async (submission: Submission): Promise<number> => {
    const start = performance.now();
    const [outcome] = await agent.submit([submission]);
    if (outcome?.outcome !== 'acknowledged') throw new Error(JSON.stringify(outcome));
    return performance.now() - start;
  };
  // Programs that run for the first time are compiled meanwhile.
  for (const submission of await prepareWrites(rights, ALONE)) await one(submission);
  const found = [await load()];
  otherwise?.();
  if (otherwise !== undefined) found.push(await load());
  return found;
}

function quantiles(times: readonly number[]): Quantiles {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    Number((sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(1));
  return { p50: at(0.5), p99: at(0.99) };
}

async function inOneProcess(): Promise<Measured | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  const organisations = ['hospital', 'laboratory', 'insurer', 'pharmacy'];
  const network = await openNetwork({ folder, demo: true, unguarded: true, organisations });
  const server = await listen(networkApp(network.agents), 0);
  try {
    const place = { network: network.file, organisation: 'hospital', url: server.url };
    return (await measure(place))[0];
  } finally {
    await server.close();
    await network.close();
    await rm(folder, { recursive: true });
  }
}

function say(text: string): void {
  console.error(text);
}

async function inFourProcesses(): Promise<readonly Measured[]> {
  const { path: engine, built } = findEngine();
  if (!built) throw new Error('The engine is not built: npm run build engine');
  const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  const founded = await foundConsortium({ folder, count: 4, engine, say });
  let stopping = false;
  const isStopping = (): boolean => stopping;
  const running = founded.map((each) => startOrganisation({ ...each, engine, say, isStopping }));
  try {
    const ready = await Promise.all(running.map(async (each) => await each.ready));
    const [first] = ready;
    const last = ready.at(-1);
    if (first === undefined || last === undefined) throw new Error('no organisation');
    const text = await readFile(join(first.data, 'network.json'), 'utf8');
    const network = parseNetworkFile(JSON.parse(text));
    const hung = [last.node, last.validator];
    try {
      const { organisation, urls } = first;
      return await measure({ network, organisation, url: urls.agents }, () => {
        for (const pid of hung) process.kill(pid, 'SIGSTOP');
      });
    } finally {
      for (const pid of hung) process.kill(pid, 'SIGCONT');
    }
  } finally {
    stopping = true;
    await Promise.all(running.map(async (each) => await each.stop()));
    await rm(folder, { recursive: true });
  }
}

const one = await inOneProcess();
const [four, withOneHung] = await inFourProcesses();
const ratio = one && four && Number((four.entriesPerSecond / one.entriesPerSecond).toFixed(2));
if (values.json) {
  console.log(JSON.stringify({ one, four, withOneHung, ratio }));
} else {
  const row = ({ entriesPerSecond, alone }: Measured): Record<string, number> => ({
    'entries/s': entriesPerSecond,
    'one alone p50 ms': alone.p50,
    'p99 ms': alone.p99,
  });
  console.table({
    ...(one && { 'in one process': row(one) }),
    ...(four && { 'in four, each with a validator': row(four) }),
    ...(withOneHung && { 'with one of four hung': row(withOneHung) }),
  });
  console.log(`four processes : one = ${ratio} : 1`);
}
