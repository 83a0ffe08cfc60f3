import { relative, resolve } from 'node:path';
import { ledgerApp } from '../http/ledgerApp.ts';
import { listen } from '../http/listen.ts';
import { networkApp } from '../http/networkApp.ts';
import { openNetwork, type RunningNetwork } from '../node/openNetwork.ts';
import { findHome, writeHomeSettings } from './home/Home.ts';
import { nodesAt } from './home/Nodes.ts';
import { complain } from './program/complain.ts';
import { enrolDemoParties } from './demoParties.ts';
import type { Terminal } from './terminal/Terminal.ts';
import { untilStopped } from './program/untilStopped.ts';
import { calledAs } from './program/calledAs.ts';
import type { Of } from '../protocol/Of.ts';
import type { NETWORK_READY } from './networkAnswers.ts';

/** Options of `medseal dev`. */
export interface DevOptions {
  readonly demo?: boolean;
  /** The folder. */
  readonly data: string;
  readonly port: number;
  readonly rpcPort: number;
  /** Origins of web pages that may call the agents. */
  readonly origin: readonly string[];
  readonly json?: boolean;
}

/**
 * Runs a whole network in this process until it is told to stop.
 *
 * @param terminal - Shows what is running.
 * @param options - See `medseal dev --help`.
 * @returns Nothing: it said all when it was ready.
 */
export async function dev(terminal: Terminal, options: DevOptions): Promise<undefined> {
  const begun = Date.now();
  const { demo = false, json = false } = options;
  const data = resolve(options.data);
  const stopped = untilStopped();
  const network = await openNetwork({ folder: data, demo, onFailure: (error) => complain(error) });
  const opened: { close(): Promise<void> }[] = [network];
  try {
    const keystore = `${data}/parties`;
    if (demo && !json) await terminal.printLines(['Opening the demonstration network …']);
    const parties = demo ? await enrolDemoParties(network, keystore) : [];
    const agents = await listen(
      networkApp(network.agents, { origins: options.origin }),
      options.port,
    );
    opened.push(agents);
    const ledger = await listen(ledgerApp(network.ledger), options.rpcPort);
    opened.push(ledger);
    await writeHomeSettings(findHome({ home: data }), nodesAt([agents.url]));
    const entries = await countEntries(network);
    const ready: Ready = {
      ready: true,
      url: agents.url,
      rpcUrl: ledger.url,
      networkId: network.file.networkId,
      chainId: network.file.ledger.chainId,
      organisations: [...network.agents.keys()],
      data,
      pid: process.pid,
      entries,
      parties,
      seconds: Math.round((Date.now() - begun) / 100) / 10,
    };
    terminal.progress.end();
    if (json) await terminal.printJson(ready);
    else await terminal.printLines(describe(ready));
    await stopped;
    if (!json) await terminal.printLines(['Stopping …']);
  } finally {
    for (const part of opened.toReversed()) await part.close();
  }
}

type Ready = Of<typeof NETWORK_READY>;

/** Counts the entries of the logs on the ledger. */
async function countEntries({ file, agents }: RunningNetwork): Promise<number> {
  let entries = 0;
  for (const { name, organisation } of file.channels.flatMap(({ logs }) => logs)) {
    const size = await agents
      .get(organisation)
      ?.checkpoint(name)
      .then(
        (checkpoint) => checkpoint.size,
        () => 0,
      );
    entries += size ?? 0;
  }
  return entries;
}

function describe(ready: Ready): readonly string[] {
  const { url, rpcUrl, organisations, parties } = ready;
  const data = relative(process.cwd(), ready.data) || '.';
  const lines = [
    '',
    `Medseal is ready after ${ready.seconds} s: ${organisations.length} organisations in one process.`,
    `Data in ${data}; ${ready.entries} entries in its logs so far.`,
    '',
    ...organisations.map((name) => `  ${name.padEnd(12)} ${url}/${name}`),
    `  ${'ledger'.padEnd(12)} ${rpcUrl}   Ethereum JSON-RPC, chain id ${ready.chainId}`,
  ];
  if (parties.length > 0) {
    lines.push('', `Parties, with demonstration keys in ${data}/parties:`, '');
    for (const { name, organisation, address } of parties) {
      lines.push(`  ${name.padEnd(12)} ${address}   at the ${organisation}`);
    }
    lines.push(
      '',
      'Try, in a second terminal:',
      '',
      `  ${calledAs(`scenario --home ${data}`)}`,
      `  ${calledAs(`record list --home ${data} --as patient`)}`,
      `  curl -s ${url}/hospital/v1/checkpoints/care/hospital`,
      `  curl -s ${rpcUrl} -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}'`,
    );
  }
  return [...lines, '', 'Ctrl-C stops it.'];
}
