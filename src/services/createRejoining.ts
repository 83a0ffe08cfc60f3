import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import { parseCheckpoint } from '../crypto/note/checkpoint.ts';
import { openNote } from '../crypto/note/openNote.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { EvidenceLog } from '../log/EvidenceLog.ts';
import { seconds } from '../protocol/Clock.ts';
import { holds } from '../protocol/holds.ts';
import type { LogName, Organisation } from '../protocol/ids.ts';
import type { LogIdentity } from '../protocol/NetworkFile.ts';
import { logOf } from '../protocol/networkLookups.ts';
import { INCLUSION_WINDOW } from './coordinator/judgeBodies.ts';
import type { Contributor } from './createContributor.ts';
import type { Coordinator } from './createCoordinator.ts';
import { keepJudged, type JudgedBodies } from './keepJudged.ts';
import type { CoordinatorPort, SignedEdge } from './ports.ts';
import type { ServiceContext } from './ServiceContext.ts';

/** How much longer than its window a promise may bind, for clocks that are apart, seconds. */
const MARGIN = 10;

/** What a restored organisation needs to learn what it missed. */
export interface RejoiningOptions {
  /** When it was restored, Unix seconds. */
  readonly restoredAt: number;
  /** Whether other organisations went on meanwhile: not where all of the network was restored with it. */
  readonly othersWentOn: boolean;
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly coordinator: Pick<Coordinator, 'adopt'>;
  readonly contributor: Pick<Contributor, 'catchUp' | 'takeBack'>;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<Organisation, Pick<CoordinatorPort, 'lastSigned' | 'shown'>>;
  readonly judged: JudgedBodies;
}

/** How a restored organisation learns what it missed. */
export interface Rejoining {
  /** Whether it knows all of it. */
  readonly done: boolean;
  /** What it does not know yet. */
  readonly failure: MedsealError;
  /**
   * Goes on learning; safe to repeat.
   * @throws MedsealError `NODE_BEHIND`, with what it does not know yet, or what is lost; to be tried again.
   * `NODE_DOUBLED` where somebody else goes on with its log.
   */
  go(): Promise<void>;
}

/**
 * Has an organisation that was restored from a backup learn what it missed before it signs or answers anything, for it
 * may have forgotten what it signed itself: it takes back from peers every entry that they hold, remembers of each log
 * the newest checkpoint that anybody signed, and waits until every promise that it may have given is due.
 *
 * @param context - The organisation's context.
 * @param options - Logs, peers, coordinator.
 */
export function createRejoining(context: ServiceContext, options: RejoiningOptions): Rejoining {
  const { network, organisation, clock, index, primitives } = context;
  const { logs, coordinator, contributor, others, restoredAt } = options;
  /** How long the ledger said that the own log is, when it was first asked. */
  let first: number | undefined;
  let failure = behind('it has not asked yet');
  let done = false;

  return {
    get done() {
      return done;
    },
    get failure() {
      return failure;
    },
    async go() {
      if (done) return;
      try {
        await learn();
        done = true;
      } catch (error) {
        if (error instanceof MedsealError) failure = error;
        throw error;
      }
    },
  };

  async function learn(): Promise<void> {
    await index.refresh();
    requireAlone();
    await contributor.catchUp();
    for (const log of logs.values()) await learnSigned(log);
    for (const log of logs.values()) await keepJudged(log, options.judged);
    const left = restoredAt + INCLUSION_WINDOW + MARGIN - seconds(clock);
    if (options.othersWentOn && left > 0) {
      throw behind(`promises that it may have given are due in ${left} s`);
    }
  }

  /** Nobody adds to its log while it does not: whoever does is the node that was backed up. */
  function requireAlone(): void {
    for (const { identity } of logs.values()) {
      if (identity.organisation !== organisation) continue;
      const size = index.checkpoint(identity.id)?.size ?? 0;
      first ??= size;
      if (size > first) throw new MedsealError('NODE_DOUBLED', { size, known: first });
    }
  }

  async function learnSigned(log: EvidenceLog): Promise<void> {
    const { name, id, organisation: owner } = log.identity;
    const held = index.checkpoint(id);
    if (held !== undefined) await requireEntries(log, held);
    if (held !== undefined) await coordinator.adopt(name, await edgeAt(log, held.size));
    const { channel } = logOf(network, name);
    // Among so many of the others is one of any k who signed with this one.
    const atLeast = Math.min(others.size, others.size + 2 - channel.thresholds.writes);
    for (const signed of await askOthers(log.identity, atLeast)) {
      if (owner === organisation) await requireEntries(log, signed);
      await coordinator.adopt(name, signed);
    }
  }

  async function askOthers(log: LogIdentity, atLeast: number): Promise<readonly SignedEdge[]> {
    const answers = await Promise.allSettled(
      [...others.values()].map(async (other) => await other.lastSigned(log.name)),
    );
    const signed = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    if (signed.length >= atLeast) return signed.filter((each) => proven(log, each));
    const who = `${signed.length} of the other organisations`;
    throw behind(`${who} said what they signed, and ${atLeast} have to`);
  }

  /** What a peer says that it signed, as far as the log itself says so: nobody can make it up. */
  function proven({ origin, key }: LogIdentity, signed: SignedEdge): boolean {
    const { size, root, peaks, note = '' } = signed;
    return holds(() => {
      const said = parseCheckpoint(openNote(primitives, note, [key]));
      const edge = MerkleFrontier.of(primitives, size, peaks.map(hexToBytes));
      const roots = [bytesToHex(said.root), bytesToHex(edge.root())];
      return said.origin === origin && said.size === size && roots.every((each) => each === root);
    });
  }

  /** What was signed for must be there. */
  async function requireEntries(
    log: EvidenceLog,
    { size, root }: Pick<SignedEdge, 'size' | 'root'>,
  ): Promise<void> {
    const { name, organisation: owner } = log.identity;
    if (log.size < size && owner === organisation) {
      await contributor.takeBack(name, { size, root }, [...others.values()]);
    }
    if (log.size < size) {
      const lost = `entries ${log.size} to ${size - 1} of ${name}`;
      throw behind(`${lost} were signed for, and no peer that answers has them`);
    }
    if ((await log.root(size)) === root) return;
    throw new MedsealError('NODE_DOUBLED', { size, known: log.size });
  }
}

async function edgeAt(log: EvidenceLog, size: number): Promise<SignedEdge> {
  return { size, root: await log.root(size), peaks: await log.peaks(size) };
}

function behind(what: string): MedsealError {
  return new MedsealError('NODE_BEHIND', { what });
}
