import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { freePorts } from '../../../scripts/freePorts.ts';
import type { Person } from '../../../proof/simulation/Consortium.ts';
import { timeDeeds } from '../../../proof/simulation/timeDeeds.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { temporaryFolder } from '../test/runMedseal.ts';
import { startNode, type RunningUp } from '../test/startNode.ts';

/**
 * Three processes with a quorum of two, and parties at work while one process is stopped with SIGSTOP, takes five
 * seconds for each answer, or answers rubbish. It prints the figures of `docs/reference/performance.md`; how long something took
 * decides nothing here, for machines differ: `proof/simulation/ailing.test.ts` holds the bar on simulated time.
 */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const { ROUNDS = '1' } = process.env;
const SLOW = 5000;
const ports = await machinePorts();
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const nodes = new Map<Organisation, RunningUp>();
const figures = new Map<string, Map<string, readonly number[]>>();
let network: NetworkFile;
/** Treatment of the calls that the insurer gets. */
let insurerIs: 'well' | 'slow' | 'rubbish' = 'well';

before(async () => {
  const root = await temporaryFolder(suite);
  const exchange = `${root}/exchange`;
  await mkdir(exchange);
  const doors = new Map<Organisation, { port: number; peers: number; url: string }>();
  for (const name of ORGANISATIONS) {
    const [port = 0, peers = 0] = await freePorts(2);
    const url = `http://127.0.0.1:${name === 'insurer' ? await standBefore(peers) : peers}`;
    doors.set(name, { port, peers, url });
    const where = ['--data', `${root}/${name}`, '--exchange', exchange];
    await medseal('init', '--organisation', name, '--url', url, '--plain-keys', ...where);
  }
  for (const name of ORGANISATIONS) {
    const where = ['--data', `${root}/${name}`, '--exchange', exchange, '--yes'];
    await medseal('init', ...(name === 'hospital' ? ['--found'] : []), ...where);
  }
  await Promise.all(
    [...doors].map(async ([name, { port, peers }]) => {
      const settings = [`listen.port=${port}`, `peers.port=${peers}`, 'authority.accepts=everyone'];
      const set = settings.flatMap((each) => ['--set', each]);
      nodes.set(name, await startNode(suite, `${root}/${name}`, ...set));
    }),
  );
  network = await agentOf('hospital').network();
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

async function medseal(...args: readonly string[]): Promise<void> {
  const streams = captureStreams();
  const code = await runProgram([...args, '--json'], streams);
  assert.equal(code, 0, streams.out().toString());
}

function nodeOf(name: Organisation): RunningUp {
  return nodes.get(name) ?? assert.fail(`${name} does not run`);
}

function agentOf(name: Organisation): ReturnType<typeof httpAgent> {
  return httpAgent(`${nodeOf(name).ready.urls.agents}/${name}`);
}

/** Stands before a node's door for other organisations; returns its port. */
async function standBefore(behind: number): Promise<number> {
  const server: Server = createServer((incoming, outgoing) => {
    if (insurerIs === 'rubbish') {
      incoming.resume();
      outgoing.setHeader('content-type', 'application/json').end('{"size":"many","refused":7}');
      return;
    }
    const { method, url, headers } = incoming;
    const options = { host: '127.0.0.1', port: behind, path: url, method, headers };
    const onward = request(options, (answer) => {
      const pass = (): void => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      };
      if (insurerIs === 'slow') setTimeout(pass, SLOW);
      else pass();
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  suite.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

async function party({ seed, device, organisation }: Person): Promise<Party> {
  return await openParty({
    ...ports,
    seed,
    device,
    network,
    agent: agentOf(organisation),
    log: `care/${organisation}`,
  });
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

async function timeWhile(name: string): Promise<void> {
  const options = {
    consortium: { party },
    now: () => performance.now(),
    sleep,
    at: ['hospital', 'laboratory'],
    name,
  } as const;
  figures.set(name, new Map(await timeDeeds(options, Number(ROUNDS))));
}

function send(signal: NodeJS.Signals): void {
  process.kill(nodeOf('insurer').ready.pid, signal);
}

/** Resolves when the insurer serves as much of a log as the log's own node does. */
async function untilCopied(log: Organisation): Promise<void> {
  const { size } = await agentOf(log).checkpoint(`care/${log}`);
  for (;;) {
    const copy = await agentOf('insurer')
      .checkpoint(`care/${log}`)
      .catch(() => undefined);
    if ((copy?.size ?? 0) >= size) return;
    await sleep(500);
  }
}

describe('three processes', () => {
  it('answer while all are well', async () => {
    await timeWhile('well');
  });

  it('answer while one is stopped, which has everything that it missed once it goes on', async () => {
    send('SIGSTOP');
    try {
      await timeWhile('frozen');
    } finally {
      send('SIGCONT');
    }
    for (const log of ['hospital', 'laboratory']) await untilCopied(log);
    await timeWhile('well again');
  });

  for (const ailment of ['slow', 'rubbish'] as const) {
    it(`answer while one is ${ailment}`, async () => {
      insurerIs = ailment;
      await timeWhile(ailment);
      insurerIs = 'well';
      for (const log of ['hospital', 'laboratory']) await untilCopied(log);
    });
  }

  it('take so long', (t) => {
    const columns = [...figures.keys()];
    t.diagnostic(`| median / p99, ms | ${columns.join(' | ')} |`);
    for (const deed of figures.get('well')?.keys() ?? []) {
      const cells = columns.map((name) => cellOf(figures.get(name)?.get(deed) ?? []));
      t.diagnostic(`| ${deed} | ${cells.join(' | ')} |`);
    }
  });
});

/** Median and 99th percentile: of less than a hundred times, the longest. */
function cellOf(times: readonly number[]): string {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(0);
  return `${at(0.5)} / ${at(0.99)}`;
}
