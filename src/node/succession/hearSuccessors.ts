import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { MAX_SUCCESSORS, type Successor } from '../../protocol/network/Successor.ts';
import { findPlace } from '../../services/succession/findPlace.ts';
import type { Succession } from '../../services/succession/Succession.ts';

/** Milliseconds after which no more is asked of one node; the rest is asked for next time. */
const LONGEST = 60_000;

/** Another organisation's node, as a source of successors. */
export interface SuccessorSource {
  readonly organisation: Organisation;
  /** Returns some successors from a number on, of the right shape; nothing in them is verified. */
  readonly ask: (from: number) => Promise<readonly Successor[]>;
}

/** Options of `hearSuccessors`. */
export interface HearingOptions extends Pick<SigningContext, 'primitives'> {
  readonly succession: Succession;
  readonly clock: Pick<Clock, 'now'>;
  /** Compares a successor with the ledger, if that can be asked yet. */
  readonly confirm?: (successor: Successor) => Promise<void>;
  /** Called once one is kept, or the proof of a fork. */
  readonly onKept?: (kept: 'successor' | 'fork', successor: Successor, from: Organisation) => void;
}

/**
 * Asks another node for the successors that follow the one known here, verifies each as if a stranger had sent it, and
 * keeps it. If the other node has another successor of the same file, that is signed too, both are kept as proof.
 *
 * @param source - The other node; it may lie.
 * @param options - The succession here.
 * @throws MedsealError `PEER_UNREACHABLE`, `PEER_MALFORMED`; `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID` for one that
 * does not count: nothing of it is kept.
 */
export async function hearSuccessors(
  { organisation, ask }: SuccessorSource,
  { succession, clock, primitives, confirm, onKept }: HearingOptions,
): Promise<void> {
  const first = numberOf(succession.files[0]) + 1;
  // The newest one that is known here is asked for again, so that another one in its place shows.
  let from = Math.max(first, numberOf(succession.files.at(-1)));
  let seen: number | undefined;
  let isFromFirst = from === first;
  const until = clock.now() + LONGEST;
  for (let asked = 0; asked <= MAX_SUCCESSORS && clock.now() < until; asked += 1) {
    const page = await ask(from);
    for (const successor of page) {
      if (successor.number !== (seen === undefined ? from : seen + 1)) {
        throw new MedsealError('PEER_MALFORMED', { what: 'answer about successors' });
      }
      seen = successor.number;
      const newest = numberOf(succession.files.at(-1));
      if (follows(successor, newest)) {
        const isKept = await succession.placing(async () => await take(successor));
        if (!isKept) return;
        continue;
      }
      // It follows a file that is not known here, so the two went apart before: from the first one on.
      if (isFromFirst) throw invalid('it follows another network file');
      isFromFirst = true;
      [from, seen] = [first, undefined];
      break;
    }
    if (page.length === 0) return;
    if (seen !== undefined) from = seen + 1;
  }

  /** Tells whether a successor's predecessor is the file that is known here under the number before. */
  function follows({ number, predecessor }: Successor, newest: number): boolean {
    if (number > newest + 1) return false;
    const known = succession.successors.find((each) => each.number === number);
    if (known !== undefined) return known.predecessor === predecessor;
    const last = succession.files.at(-1);
    return last !== undefined && predecessor === fingerprintOf(primitives, last);
  }

  async function take(successor: Successor): Promise<boolean> {
    const at = seconds(clock);
    const { kind } = findPlace({ primitives }, succession, successor, at);
    if (kind === 'known') return true;
    if (kind === 'fork') {
      const wasOpen = succession.fork !== undefined;
      const isKept = await succession.keepFork(successor, at);
      if (isKept && !wasOpen) onKept?.('fork', successor, organisation);
      return false;
    }
    await confirm?.(successor);
    await succession.add(successor);
    onKept?.('successor', successor, organisation);
    return true;
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
