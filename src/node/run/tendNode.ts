import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import type { RunningNode } from '../openNode.ts';
import { logRestored } from '../operate/logRestored.ts';
import type { Logger } from '../operate/Logger.ts';
import type { NodeState } from '../operate/NodeState.ts';
import { watchNode, type WatchOptions } from '../operate/watchNode.ts';
import { repeatedly } from '../repeatedly.ts';
import { returnToWork } from '../validator/returnToWork.ts';
import { stateUpgrade } from '../validator/stateUpgrade.ts';
import type { ValidatorProcess } from '../validator/superviseValidator.ts';

/** Milliseconds between two looks whether the validator was set aside: as long as it has to stay there. */
const RETURN_EVERY = 60_000;

/** Milliseconds between two looks whether there is an upgrade of the engine to state. */
const STATE_EVERY = 5000;

/** A node that is open, with all that is there for as long as it is. */
export interface OpenedNode {
  readonly node: RunningNode;
  /** True once it has done the work that needs the other organisations. */
  readonly isSettled: boolean;
  state(): Promise<NodeState>;
  /**
   * Does the work that needs the other organisations. Safe to repeat.
   * @throws MedsealError as `settle` of a node does.
   */
  settle(): Promise<void>;
  /** Ends what it does from time to time, and closes it. */
  close(): Promise<void>;
}

/** Options of `tendNode`. */
export interface TendOptions extends Pick<WatchOptions, 'space' | 'token' | 'refused'> {
  readonly clock: Clock;
  /** Returns the services of the organisations in other processes, as one of this process reaches them. */
  readonly peers: () => ReadonlyMap<Organisation, PeerPorts>;
  /** The organisation's validator, if this process runs it. */
  readonly validator: ValidatorProcess | undefined;
  readonly log: Logger;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Watches a node from now on, and has its validator return to work if it is set aside.
 *
 * @param node - The node; it is closed if this fails.
 * @param options - All that it depends on.
 */
export async function tendNode(node: RunningNode, options: TendOptions): Promise<OpenedNode> {
  const { clock, peers, validator, log, onFailure, ...watched } = options;
  let isSettled = false;
  logRestored(log, node.organisations);
  try {
    const watch = await watchNode({
      ...watched,
      node,
      clock,
      peers: peers(),
      isSettled: () => isSettled,
      validator,
      log,
    });
    const endReturning = returning();
    const endStating = stating();
    return {
      node,
      get isSettled() {
        return isSettled;
      },
      state: async () => await watch.state(),
      async settle() {
        await node.settle();
        isSettled = true;
      },
      async close() {
        await watch.close();
        // A validator that asks for its return waits for a block; only while the node closes, that wait has an end soon.
        await Promise.all([endReturning?.(), endStating?.(), node.close()]);
      },
    };
  } catch (error) {
    await node.close().catch(onFailure);
    throw error;
  }

  /** Has a validator that was set aside return, from time to time. */
  function returning(): (() => Promise<void>) | undefined {
    const [organisation] = node.organisations.values();
    const contract = node.file.contracts.validators;
    if (validator === undefined || contract === undefined || organisation === undefined)
      return undefined;
    const own = { validator, contract, sender: organisation.sender, log };
    return repeatedly(clock, RETURN_EVERY, async () => await returnToWork(own), onFailure);
  }

  /** Has the organisation state that it holds the program of an upgrade, from time to time. */
  function stating(): (() => Promise<void>) | undefined {
    const [named] = node.organisations;
    if (validator === undefined || named === undefined) return undefined;
    const [, { sender }] = named;
    const state = async (): Promise<void> => {
      const upgrade = node.succession.files.at(-1)?.engine;
      const { primitives } = node.ports;
      await stateUpgrade({ validator, upgrade, sender, primitives, log });
    };
    return repeatedly(clock, STATE_EVERY, state, onFailure);
  }
}
