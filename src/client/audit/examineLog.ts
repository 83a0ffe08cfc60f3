import { bytesToHex } from '../../crypto/bytes.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { SignedCheckpoint, SignedPlace } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { verifyPlace } from '../../protocol/evidence/verifyPlace.ts';
import { verifyCheckpoint } from '../../protocol/evidence/verifyCheckpoint.ts';
import type { LogWitness } from '../witness/LogWitness.ts';
import { patiently } from '../agent/patiently.ts';
import { readCheckpoints } from './readCheckpoints.ts';
import { readEntries } from './readEntries.ts';
import { unlessNone } from './unlessNone.ts';

/** Findings about a log. */
export interface ExaminedLog {
  readonly log: LogName;
  /** Number of entries that were read. */
  readonly entries: number;
  /** Root of the entries. */
  readonly root: Bytes32;
  /** Number of checkpoints that were checked. */
  readonly checkpoints: number;
  /** Names of the witnesses that the log was compared with. */
  readonly witnesses: readonly string[];
  /** Faults, a sentence for each. */
  readonly faults: readonly string[];
  /** Facts that could not be checked, a sentence for each. */
  readonly unchecked: readonly string[];
}

/** Trusted data that an examination uses. */
export interface ExaminationContext extends SigningContext {
  /** The pinned network file. */
  readonly network: NetworkFile;
  readonly clock: Clock;
}

/** The methods of a node that an examination uses. */
export type LogSource = Pick<AgentPort, 'receipt' | 'tile' | 'checkpoint'>;

type Placed = { readonly checkpoint: SignedCheckpoint; readonly ledger: SignedPlace };

/**
 * Examines a whole log as its node serves it: reads all entries, computes every hash in every tile and the root at
 * every checkpoint again, checks each checkpoint's signatures, and compares with witnesses: a ledger, copies.
 *
 * @param context - Network, domain, primitives and clock.
 * @param agent - The node that has the log.
 * @param log - The log.
 * @param witnesses - Other sources that know the log.
 * @throws MedsealError `NOT_FOUND` if the node has no such log; `PEER_UNREACHABLE`, `PEER_MALFORMED`; a fault is not an
 * error here.
 * @example
 * ```ts
 * const log = 'care/hospital';
 * const witnesses = [ledgerWitness(network, ledger, log)];
 * const { entries, faults } = await examineLog(auditor, agent, log, witnesses);
 * console.log(`${entries} entries, ${faults.length} faults`);
 * ```
 */
export async function examineLog(
  context: ExaminationContext,
  agent: LogSource,
  log: LogName,
  witnesses: readonly LogWitness[] = [],
): Promise<ExaminedLog> {
  const faults: string[] = [];
  const unchecked: string[] = [];
  // The log must have every entry that witnesses know before it is read.
  const known = Math.max(
    0,
    ...(await Promise.all(witnesses.map(async (each) => await each.size()))),
  );
  await awaitSize(context, agent, log, known);
  const placed = await checkedCheckpoints(context, agent, log, faults);
  const size = placed.at(-1)?.checkpoint.size ?? 0;
  const roots = new Map(placed.map(({ checkpoint }) => [checkpoint.size, checkpoint.root]));
  const root = await checkedRoot(context, agent, log, roots, faults);
  const newest = await agent.checkpoint(log).catch(unlessNone);
  if (newest !== undefined && newest.size <= size && newest.root !== roots.get(newest.size)) {
    faults.push(`${log}: the checkpoint that is served as the newest is of another history`);
  }
  for (const witness of witnesses) {
    const said = await witness.compare({ placed, roots, size });
    faults.push(...said.faults.map((fault) => `${log}: ${fault}`));
    unchecked.push(...said.unchecked.map((what) => `${log}: ${what}`));
  }
  return {
    log,
    entries: size,
    root,
    checkpoints: placed.length,
    witnesses: witnesses.map(({ name }) => name),
    faults,
    unchecked,
  };
}

/**
 * Waits for a checkpoint that witnesses know: it reaches the ledger a moment before the node's own store and the
 * copies.
 */
async function awaitSize(
  context: ExaminationContext,
  agent: LogSource,
  log: LogName,
  size: number,
): Promise<void> {
  await patiently(context, async () => {
    const served = await agent.checkpoint(log).catch(unlessNone);
    return (served?.size ?? 0) >= size ? true : undefined;
  });
}

async function checkedCheckpoints(
  context: ExaminationContext,
  agent: LogSource,
  log: LogName,
  faults: string[],
): Promise<readonly Placed[]> {
  const all: Placed[] = [];
  for await (const each of readCheckpoints(agent, log)) {
    const { checkpoint, ledger } = each;
    const fault = await faultOf(() => {
      if (checkpoint.log !== log) throw invalid('it is of another log');
      verifyCheckpoint(context, context.network, checkpoint);
      verifyPlace(context.primitives, context.network, checkpoint, ledger);
    });
    if (fault !== undefined) faults.push(`${log}: checkpoint of ${checkpoint.size}: ${fault}`);
    all.push(each);
  }
  return all;
}

/** Compares the roots at the sizes of the checkpoints with the signed ones, and returns the root of all entries. */
async function checkedRoot(
  { primitives }: ExaminationContext,
  agent: LogSource,
  log: LogName,
  roots: ReadonlyMap<number, Bytes32>,
  faults: string[],
): Promise<Bytes32> {
  const frontier = MerkleFrontier.empty(primitives);
  const fault = await faultOf(async () => {
    const size = [...roots.keys()].at(-1) ?? 0;
    for await (const { leaf } of readEntries(primitives, agent, log, size)) {
      frontier.append(leaf);
      const signed = roots.get(frontier.size);
      if (signed === undefined || signed === bytesToHex(frontier.root())) continue;
      faults.push(`${log}: checkpoint of ${frontier.size}: its root is not that of the entries`);
    }
  });
  if (fault !== undefined) faults.push(`${log}: ${fault}`);
  return bytesToHex(frontier.root());
}

/** Returns the reason why a check fails; undefined if it passes. */
async function faultOf(check: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (isMedsealError(error, 'EVIDENCE_INVALID')) return error.values.reason;
    throw error;
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
