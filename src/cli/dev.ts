import { relative, resolve } from 'node:path';
import { openDev, type DevReady } from './openDev.ts';
import type { Terminal } from './terminal/Terminal.ts';
import { untilStopped } from './program/untilStopped.ts';
import { warnUnguarded } from './warnUnguarded.ts';
import { calledAs } from './program/calledAs.ts';

/** Options of `medseal dev`. */
export interface DevOptions {
  readonly demo?: boolean;
  /** False to leave the charts of a demonstration empty. */
  readonly charts?: boolean;
  /** False to leave the demonstration without a device that measures. */
  readonly wearable?: boolean;
  /** True to found a network whose records open without a release. */
  readonly unguarded?: boolean;
  /** The folder. */
  readonly data: string;
  readonly port: number;
  readonly rpcPort: number;
  readonly operatePort: number;
  /** Origins of web pages that may call the agents. */
  readonly origin: readonly string[];
  readonly json?: boolean;
}

/**
 * Runs a whole network in this process until it is told to stop.
 *
 * @returns Nothing: it said all when it was ready.
 */
export async function dev(terminal: Terminal, options: DevOptions): Promise<undefined> {
  const { demo = false, charts = true, wearable = true, json = false } = options;
  const say = async (line: string): Promise<void> => {
    if (demo && !json) await terminal.printLines([line]);
  };
  const stopped = untilStopped();
  const network = await openDev({
    data: resolve(options.data),
    demo,
    charts,
    wearable: charts && wearable,
    ...(options.unguarded === true && { unguarded: true }),
    port: options.port,
    rpcPort: options.rpcPort,
    operatePort: options.operatePort,
    origins: options.origin,
    async onOpen(network) {
      warnUnguarded(terminal, network);
      await say('Opening the demonstration network …');
    },
    onFill: async () => await say('Filling the demonstration’s charts …'),
  });
  try {
    const { ready } = network;
    terminal.progress.end();
    if (json) await terminal.printJson(ready);
    else await terminal.printLines(describe(ready));
    await stopped;
    if (!json) await terminal.printLines(['Stopping …']);
  } finally {
    await network.close();
  }
}

/** Says in one line what it takes to open a record. */
function describeReleases({ waits }: DevReady): string {
  const releases = 'Records open with keys that organisations release for logged views';
  return waits ? `${releases}, once the ledger has a checkpoint over each.` : `${releases}.`;
}

function describe(ready: DevReady): readonly string[] {
  const { url, portal, rpcUrl, organisations, parties, wearable } = ready;
  const data = relative(process.cwd(), ready.data) || '.';
  const lines = [
    '',
    portal === undefined
      ? 'The portal, a web page for people, is not built: run `npm run prepare`, then start again.'
      : `Open ${portal} in a browser.`,
    '',
    `Medseal is ready after ${ready.seconds} s: ${organisations.length} organisations in one process.`,
    `Data in ${data}; ${ready.entries} entries in its logs so far.`,
    ...(ready.guarded ? [describeReleases(ready)] : []),
    '',
    ...organisations.map((name) => `  ${name.padEnd(12)} ${url}/${name}`),
    `  ${'ledger'.padEnd(12)} ${rpcUrl}   Ethereum JSON-RPC, chain id ${ready.chainId}`,
    `  ${'operator'.padEnd(12)} ${ready.operateUrl}/portal/   code: ${calledAs(`node page --data ${data}`)}`,
  ];
  if (parties.length > 0) {
    lines.push('', `Parties, with demonstration keys in ${data}/parties:`, '');
    for (const { name, called, organisation, address } of parties) {
      lines.push(`  ${name.padEnd(12)} ${address}   ${called}, at the ${organisation}`);
    }
    if (wearable !== undefined) {
      lines.push(
        '',
        `${parties[0]?.called} wears ${wearable.shortCode} (${wearable.model}), which sends readings every ten seconds`,
        `to the gateway at ${wearable.broker}. It rests after an hour without a request to this network.`,
      );
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
