import { endsWithin } from '../../protocol/endsWithin.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';
import { othersToAsk } from './othersToAsk.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { NamedPeer } from './NamedPeer.ts';

/** Milliseconds for which the answers of the others are new enough. */
const FRESH = 1000;
/** Milliseconds for which a caller waits; calls under way then go on without it. */
const PATIENCE = 5000;

/** Options of `keepAbreast`. */
export interface AbreastOptions {
  readonly channel: Channel;
  /** The other organisations. */
  readonly peers: readonly NamedPeer[];
  /** Copies deposits that a peer keeps and this node does not, and says whether the peer told all. */
  readonly copy: (peer: NamedPeer) => Promise<boolean>;
}

/** Tells whether a node keeps what the others keep. */
export interface Abreast {
  /**
   * Has the others asked, unless they were within the last second.
   * @returns True if enough told all that they keep: an honest one is among them for whatever was acknowledged.
   */
  isSo(): Promise<boolean>;
  /** Resolves when no questions are open. */
  idle(): Promise<void>;
}

/** One time that the others were asked. */
interface Look {
  readonly begun: number;
  readonly told: Promise<boolean>;
}

/**
 * Lets a node know whether it keeps what the others keep, as it may have been away when a newer packet came: it copies
 * missing deposits from them. All calls within one second share one look.
 *
 * @param context - The node's context, with its clock and its circuits.
 * @param options - The others.
 */
export function keepAbreast(
  { clock, circuits }: Pick<ServiceContext, 'clock' | 'circuits'>,
  { channel, peers, copy }: AbreastOptions,
): Abreast {
  const least = othersToAsk(channel);
  const running = new Set<Promise<unknown>>();
  let last: Look | undefined;

  return {
    async isSo() {
      // Nothing was acknowledged without this node.
      if (least === 0) return true;
      const age = last === undefined ? -1 : clock.now() - last.begun;
      if (last === undefined || age < 0 || age >= FRESH) last = begin();
      const { told } = last;
      return (await endsWithin(clock, PATIENCE, told)) && (await told);
    },
    idle: async () => void (await Promise.allSettled(running)),
  };

  function begin(): Look {
    const look: Look = { begun: clock.now(), told: ask() };
    void look.told.then((isEnough) => {
      if (!isEnough && last === look) last = undefined;
    });
    return look;
  }

  async function ask(): Promise<boolean> {
    const named = new Map<object, NamedPeer>();
    for (const peer of peers) {
      named.set(peer.port, peer);
      named.set(circuits.insistent(peer.port), peer);
    }
    const ports = peers.map(({ port }) => port);
    const answers = await askQuorum({ clock, circuits }, ports, {
      ask: async (port) => {
        const peer = named.get(port);
        if (peer === undefined) return false;
        const copying = copy({ ...peer, port });
        running.add(copying);
        const forget = (): unknown => running.delete(copying);
        copying.then(forget, forget);
        return await copying;
      },
      least,
      isDecided: (given, left) => {
        const told = telling(given);
        return told >= least || told + left < least;
      },
    });
    return telling(answers) >= least;
  }
}

/** Returns the number that told all that they keep. */
function telling(answers: readonly PromiseSettledResult<boolean>[]): number {
  return fulfilled(answers).filter(Boolean).length;
}
