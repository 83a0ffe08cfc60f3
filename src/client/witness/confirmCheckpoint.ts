import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readLatestCheckpoint } from '../../bindings/readLatestCheckpoint.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { seconds } from '../../protocol/Clock.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { verifyCheckpoint } from '../../protocol/evidence/verifyCheckpoint.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { consistencyProof } from '../../crypto/merkle/consistencyProof.ts';
import { verifyConsistency } from '../../crypto/merkle/verifyConsistency.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Checkpoint } from '../../protocol/struct/requests.ts';
import { tileHashes } from './tileHashes.ts';
import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';
import { patiently } from '../agent/patiently.ts';

/** Seconds within which a node serves what the ledger holds of its log: it may have been restarted in between. */
const LEDGER_LAG = 20;

/** A checkpoint that was promised. */
export interface AwaitedCheckpoint {
  /** Smallest number of entries. */
  readonly size: number;
  /** End of the waiting time, Unix seconds. */
  readonly until: number;
  /** Called each time that the checkpoint does not exist yet. */
  readonly onWait?: () => void;
}

/** A checkpoint of the log that is already known. */
interface Known {
  readonly size: number;
  readonly root: Bytes32;
  /** Source with its verb, such as `the ledger holds`. */
  readonly by: string;
}

/**
 * Returns the newest checkpoint of a log that the node serves, once it is proven to extend the last one that this
 * device saw, and the one on the ledger if a ledger is given: this finds a log that shrank, was rewritten, or shows
 * different histories to different people. The device stores the checkpoint.
 *
 * @param party - Party that asks.
 * @param log - The log.
 * @param options.awaited - Promised checkpoint: it is waited for until its time; if it does not come, the newest one is
 * returned.
 * @param options.ledger - The ledger to compare with.
 * @param options.proven - The log as an audit of this device proved it before, if one did.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason; `NOT_YET` before the first checkpoint; of the node.
 */
export async function confirmCheckpoint(
  party: Party,
  log: LogName,
  options: {
    readonly awaited?: AwaitedCheckpoint;
    readonly ledger?: LedgerProvider;
    readonly proven?: Omit<Known, 'by'>;
  } = {},
): Promise<SignedCheckpoint> {
  const { id } = logOf(party.network, log).log;
  const name = seenName(party, log);
  const { awaited, ledger, proven } = options;
  const seen = (await party.device.read(name)) as Omit<Known, 'by'> | undefined;
  const held = ledger && (await readLatestCheckpoint(ledger, party.network.contracts, id));
  const known: Known[] = [
    ...(seen ? [{ ...seen, by: 'this device saw' }] : []),
    ...(held ? [{ ...held, by: 'the ledger holds' }] : []),
    ...(proven && !isSame(proven, seen)
      ? [{ ...proven, by: 'an audit on this device proved' }]
      : []),
  ];
  const size = Math.max(awaited?.size ?? 0, ...known.map((each) => each.size));
  const lag = held === undefined ? 0 : seconds(party.clock) + LEDGER_LAG;
  const until = Math.max(awaited?.until ?? 0, lag);
  const checkpoint = await newest(party, log, { ...awaited, size, until });
  if (checkpoint.log !== log) throw invalid('the checkpoint is of another log');
  verifyCheckpoint(party, party.network, checkpoint);
  for (const each of known) await requireExtends(party, each, checkpoint);
  await aloneOn(party.device, async () => {
    // Another tab may have seen a larger one meanwhile.
    const now = (await party.device.read(name)) as Omit<Known, 'by'> | undefined;
    if (now !== undefined && now.size > checkpoint.size) return;
    await party.device.write(name, { size: checkpoint.size, root: checkpoint.root });
  });
  return checkpoint;
}

/**
 * Tells whether this device saw a checkpoint of a log: a node that denies it has one does not say what the log holds.
 *
 * @param party - The party.
 * @param log - The log.
 */
export async function hasSeenCheckpoint(
  party: Pick<Party, 'device' | 'network'>,
  log: LogName,
): Promise<boolean> {
  return (await party.device.read(seenName(party, log))) !== undefined;
}

function seenName({ network }: Pick<Party, 'network'>, log: LogName): string {
  return `checkpoint-${logOf(network, log).log.id}`;
}

function isSame(one: Omit<Known, 'by'>, other: Omit<Known, 'by'> | undefined): boolean {
  return one.size === other?.size && one.root === other.root;
}

/** Waits for a checkpoint of a size, a moment or as long as it is awaited; then takes the newest one. */
async function newest(
  party: Party,
  log: LogName,
  { size, until, onWait }: Pick<AwaitedCheckpoint, 'size'> & Partial<AwaitedCheckpoint>,
): Promise<SignedCheckpoint> {
  const attempt = async (): Promise<SignedCheckpoint | undefined> => {
    const checkpoint = await party.agent.checkpoint(log).catch((error: unknown) => {
      if (size > 0 && isMedsealError(error, 'NOT_YET')) return undefined;
      throw error;
    });
    if (checkpoint !== undefined && checkpoint.size >= size) return checkpoint;
    onWait?.();
    // Asking for the receipt of an entry has the node checkpoint it soon.
    await party.agent.receipt({ log, index: size - 1 }).catch(() => undefined);
    return undefined;
  };
  const large = await patiently(party, attempt, until);
  return large ?? (await party.agent.checkpoint(log));
}

async function requireExtends(
  party: Party,
  { size, root, by }: Known,
  checkpoint: SignedCheckpoint,
): Promise<void> {
  if (size > checkpoint.size) throw shorter(by, size, checkpoint);
  if (!(await extendsCheckpoint(party.primitives, party.agent, { size, root }, checkpoint))) {
    throw invalid(`${by} another history of the log, of ${size} entries`);
  }
}

function shorter(by: string, size: number, served: SignedCheckpoint): MedsealError {
  return invalid(`${by} ${size} entries of the log, and the node serves ${served.size}`);
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}

/**
 * Tells whether a checkpoint extends an earlier one of the same log, by a proof made from the tiles that a node serves.
 *
 * @param primitives - SHA-256.
 * @param agent - The node.
 * @param earlier - Size and root, known from another source.
 * @param later - Checkpoint that the node serves.
 * @throws MedsealError of the node; `PEER_MALFORMED`.
 */
async function extendsCheckpoint(
  primitives: Primitives,
  agent: Pick<AgentPort, 'tile'>,
  earlier: Pick<Checkpoint, 'size' | 'root'>,
  later: Pick<SignedCheckpoint, 'log' | 'size' | 'root'>,
): Promise<boolean> {
  const { log, size, root } = later;
  if (earlier.size === size) return earlier.root === root;
  if (earlier.size > size) return false;
  const hashes = tileHashes(primitives, agent, log, size);
  return verifyConsistency(primitives, {
    first: earlier.size,
    second: size,
    firstRoot: hexToBytes(earlier.root),
    secondRoot: hexToBytes(root),
    proof: await consistencyProof(primitives, hashes, earlier.size, size),
  });
}
