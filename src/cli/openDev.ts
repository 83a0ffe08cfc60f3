import type { NodePorts } from '../folder/NodePorts.ts';
import { ledgerApp } from '../http/ledgerApp.ts';
import { listen } from '../http/listen.ts';
import { networkApp } from '../http/networkApp.ts';
import { readPortal } from '../http/portal/readPortal.ts';
import { openNetworkNode, type RunningNetwork } from '../node/openNetwork.ts';
import type { PushSettings } from '../node/push/createPushPort.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Of } from '../protocol/struct/Of.ts';
import { promisesOf, sizesOf } from '../protocol/evidence/promisesOf.ts';
import { isGuarded } from '../protocol/release/isGuarded.ts';
import { findHome, writeHomeSettings } from './home/Home.ts';
import { nodesAt } from './home/Nodes.ts';
import type { NETWORK_READY } from './networkAnswers.ts';
import { operateDev } from './operateDev.ts';
import { complain } from './program/complain.ts';

/** State of a network of `medseal dev` once it is ready. */
export type DevReady = Of<typeof NETWORK_READY>;

/** Options of `openDev`. */
export interface OpenDevOptions {
  /** The folder, absolute. */
  readonly data: string;
  readonly demo: boolean;
  /** True to fill the charts of a demonstration, unless that was done before; false if absent. */
  readonly charts?: boolean;
  /** True to let the first patient of a demonstration wear a device that measures; false if absent. */
  readonly wearable?: boolean;
  /** True if the records of a network that is founded now open without a release of its organisations; false if absent. */
  readonly unguarded?: boolean;
  readonly port: number;
  readonly rpcPort: number;
  /** Port of the operator's endpoint; any free one if absent. */
  readonly operatePort?: number;
  /** Origins of web pages that may call the agents. */
  readonly origins?: readonly string[];
  /** Push services that its organisations may call; they tell no browser of news if absent. */
  readonly push?: PushSettings;
  /** Ports; those of the machine if absent. */
  readonly ports?: NodePorts;
  /** Called with the network file once the network is open, before its parties are enrolled. */
  readonly onOpen?: (network: NetworkFile) => Promise<void>;
  /** Called before charts are filled. */
  readonly onFill?: () => Promise<void>;
}

/** A whole network in this process that listens. */
export interface OpenDev {
  readonly ready: DevReady;
  /** Ends work that is under way and closes every store. */
  close(): Promise<void>;
}

/**
 * Opens the network of a folder, or founds one there, and has it listen on this machine.
 *
 * @param options - The folder and the ports.
 * @throws MedsealError as `readPortal`, `openNetwork` and `listen` do; then all of it is closed.
 */
export async function openDev(options: OpenDevOptions): Promise<OpenDev> {
  const begun = Date.now();
  const { data, demo, charts = false, port, rpcPort, operatePort = 0, origins = [] } = options;
  const portal = await readPortal();
  const { network, node } = await openNetworkNode({
    folder: data,
    demo,
    portal,
    ...(options.unguarded === true && { unguarded: true }),
    ...(options.ports && { ports: options.ports }),
    ...(options.push && { push: options.push }),
    onFailure: (error) => complain(error),
  });
  const opened: { close(): Promise<void> }[] = [network];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).toReversed()) await part.close();
  };
  try {
    await options.onOpen?.(network.file);
    // No other network loads the demonstration.
    const demonstration = demo
      ? await (
          await import('../../demo/parties/openDemonstration.ts')
        ).openDemonstration(network, data, complain)
      : undefined;
    const agents = await listen(
      networkApp(network.agents, {
        origins,
        portal,
        readPeople: demonstration?.readPeople,
        opensLedger: demo,
        onAnswer: () => demonstration?.use(),
      }),
      port,
    );
    opened.push(agents);
    const ledger = await listen(ledgerApp(network.ledger), rpcPort);
    opened.push(ledger);
    const operate = await operateDev(node, { data, port: operatePort, portal });
    opened.push(operate);
    // After the ports, so that one that is in use is told at once.
    if (charts) await demonstration?.fill(options.onFill);
    const wearable = options.wearable === true ? await demonstration?.wear() : undefined;
    if (demonstration !== undefined) opened.push(demonstration);
    await writeHomeSettings(findHome({ home: data }), nodesAt([agents.url]));
    const entries = await countEntries(network);
    const organisations = [...network.agents.keys()];
    const ready: DevReady = {
      ready: true,
      url: agents.url,
      ...(portal && { portal: `${agents.url}/${organisations[0]}/portal/` }),
      rpcUrl: ledger.url,
      operateUrl: operate.url,
      networkId: network.file.networkId,
      chainId: network.file.ledger.chainId,
      organisations,
      data,
      pid: process.pid,
      guarded: isGuarded(network.file),
      waits: network.file.channels.some(
        (channel) =>
          channel.release !== undefined &&
          promisesOf(sizesOf(channel, channel.release.threshold)).forks,
      ),
      entries,
      parties: demonstration?.parties ?? [],
      ...(wearable && {
        wearable: {
          shortCode: wearable.shortCode,
          model: wearable.model,
          broker: wearable.broker,
        },
      }),
      seconds: Math.round((Date.now() - begun) / 100) / 10,
    };
    return { ready, close };
  } catch (error) {
    await close();
    throw error;
  }
}

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
