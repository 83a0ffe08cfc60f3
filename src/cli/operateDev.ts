import { openFolder } from '../folder/openFolder.ts';
import { listen, type Listening } from '../http/listen.ts';
import type { Portal } from '../http/portal/readPortal.ts';
import type { RunningNode } from '../node/openNode.ts';
import { createMetrics } from '../node/operate/createMetrics.ts';
import { freeBytesIn } from '../node/operate/freeBytesIn.ts';
import { FreeSpace } from '../node/operate/FreeSpace.ts';
import type { Logger } from '../node/operate/Logger.ts';
import type { NodeState } from '../node/operate/NodeState.ts';
import { operateApp } from '../node/operate/operateApp.ts';
import { watchNode } from '../node/operate/watchNode.ts';
import { createOperator } from '../node/operator/createOperator.ts';
import { OperatorCode } from '../node/operator/OperatorCode.ts';
import { operatorRoutes } from '../node/operator/operatorRoutes.ts';
import { operatorState } from '../node/operator/operatorState.ts';
import { seconds } from '../protocol/Clock.ts';
import { nodeReason } from '../protocol/operator/nodeReasons.ts';
import type { OperatorState } from '../protocol/operator/OperatorPort.ts';
import { DEFAULT_QUOTAS } from '../services/agent/Quotas.ts';
import { VERSION } from '../folder/version.ts';

/** Options of `operateDev`. */
export interface OperateDevOptions {
  /** The folder, absolute. */
  readonly data: string;
  readonly port: number;
  readonly portal: Portal | undefined;
}

/**
 * Serves the operator's endpoint of a network in one process: one page for all of its organisations.
 *
 * @param node - The network's nodes.
 * @param options - Folder, port and portal.
 * @throws MedsealError `PORT_IN_USE`.
 */
export async function operateDev(
  node: RunningNode,
  { data, port, portal }: OperateDevOptions,
): Promise<Listening> {
  const { clock, random } = node.ports;
  const log: Logger = { debug: silent, info: silent, warn: silent, error: silent };
  const space = new FreeSpace(async () => await freeBytesIn(data), 0);
  await space.look();
  const settled = { isSettled: (): boolean => true, peers: new Map() };
  const watch = await watchNode({ node, clock, space, log, ...settled });
  const state = async (): Promise<NodeState> => await watch.state();
  const organisations = [...node.organisations.keys()];
  const metrics = createMetrics(VERSION, state, organisations);
  const since = seconds(clock);
  const files = await openFolder(data);
  const code = new OperatorCode(random);
  const operator = createOperator({ node: () => node, state: stateForOperator, log });
  const routes = operatorRoutes({ operator, code, portal, clock });
  const app = operateApp(metrics, state, () => 'the network to open', [], routes);
  const server = await listen(app, port).catch(async (error: unknown) => {
    await watch.close();
    throw error;
  });
  await code.write(files, server.url);
  return {
    ...server,
    async close() {
      await code.remove(files);
      await server.close();
      await watch.close();
    },
  };

  async function stateForOperator(): Promise<OperatorState> {
    await space.look();
    const about = {
      version: VERSION,
      since,
      organisations,
      portal: portal?.sha256,
      quotas: DEFAULT_QUOTAS,
      reserve: 0,
      free: space.free,
      counted: await metrics.counted(),
      backedUp: undefined,
      succession: node.succession,
      signed: undefined,
      opening: nodeReason('opening'),
    };
    return operatorState(about, node.file, await state());
  }
}

function silent(): undefined {
  return undefined;
}
