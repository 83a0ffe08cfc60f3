import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import { ledgerApp } from '../ledgerApp.ts';
import { listen } from '../listen.ts';
import { networkApp } from '../networkApp.ts';
import { headOf, JSON_TYPE, RawCaller } from './RawCaller.ts';

/*
 * `node src/http/test/slowSenders.ts` attacks servers with their default limits by slow senders of one address, and
 * prints how an honest caller at another address fares meanwhile: the number of its requests that were answered, and their
 * time. Servers run in a process of their own.
 */

const REQUESTS = 20;
const AGENT = '/hospital/v1/submissions';

interface Attack {
  readonly name: string;
  readonly door: 'agents' | 'ledger';
  readonly path: string;
  readonly counts: readonly number[];
  /** Bytes that each socket sends before it falls silent. */
  readonly bytes: string;
}

function announce(path: string, bytes: number): string {
  return `${headOf(`POST ${path}`, JSON_TYPE, `content-length: ${bytes}`)}[`;
}

const ATTACKS: readonly Attack[] = [
  { name: 'nobody', door: 'agents', path: AGENT, counts: [0], bytes: '' },
  { name: '16 MiB announced', door: 'agents', path: AGENT, counts: [15, 16, 200], bytes: announce(AGENT, 2 ** 24) }, // prettier-ignore
  { name: 'one byte of two', door: 'agents', path: AGENT, counts: [250, 260, 2000], bytes: announce(AGENT, 2) }, // prettier-ignore
  { name: '16 MiB announced', door: 'ledger', path: '/', counts: [3, 4, 200], bytes: announce('/', 2 ** 24) }, // prettier-ignore
  { name: '4 MiB announced', door: 'ledger', path: '/', counts: [15, 16, 200], bytes: announce('/', 2 ** 22) }, // prettier-ignore
  { name: 'silence', door: 'agents', path: AGENT, counts: [4000, 4150, 6000], bytes: '' },
];

async function serve(): Promise<void> {
  const agent = {
    network: async () => await Promise.resolve(network),
    submit: async () => await Promise.resolve([]),
  } as unknown as AgentPort;
  const agents = await listen(networkApp(new Map([['hospital', agent]])), 0);
  const ledger = await listen(ledgerApp({ request: async () => await Promise.resolve('0x1') }), 0);
  process.send?.({ agents: agents.url, ledger: ledger.url });
}

/** One honest request over a connection of its own: after how many milliseconds it was answered, if it was. */
async function ask(url: string, body: string): Promise<number | undefined> {
  const begun = performance.now();
  return await new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(url, { method: 'POST', agent: false, headers }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        resolve(answer.statusCode === 200 ? performance.now() - begun : undefined),
      );
    });
    sent.once('error', () => resolve(undefined));
    sent.end(body);
  });
}

async function measure({ name, door, path, counts, bytes }: Attack): Promise<void> {
  for (const count of counts) {
    const server = fork(import.meta.filename, ['serve']);
    const [urls] = (await once(server, 'message')) as [Readonly<Record<Attack['door'], string>>];
    const attacker = new RawCaller(Number(new URL(urls[door]).port), '127.0.0.2');
    await ask(`${urls[door]}${path}`, '[]');
    await attacker.sendMany(count, bytes);
    const taken: number[] = [];
    const large = JSON.stringify(['a'.repeat(200_000)]);
    for (let each = 0; each < REQUESTS; each++) {
      const milliseconds = await ask(`${urls[door]}${path}`, each % 2 === 0 ? '[]' : large);
      if (milliseconds !== undefined) taken.push(milliseconds);
    }
    taken.sort((a, b) => a - b);
    const [median, worst] = [taken[Math.floor(taken.length / 2)], taken.at(-1)];
    const shown = `${median?.toFixed(1) ?? '–'} ms, worst ${worst?.toFixed(1) ?? '–'} ms`;
    console.log(`${door}: ${count} × ${name}: ${taken.length} of ${REQUESTS} answered, ${shown}`);
    attacker.leave();
    server.kill();
    await once(server, 'exit');
  }
}

if (process.argv[2] === 'serve') await serve();
else for (const attack of ATTACKS) await measure(attack);
