import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBlockTime } from '../../bindings/readBlockTime.ts';
import { readCheckpointed } from '../../bindings/readCheckpointed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type {
  Acknowledgement,
  History,
  SignedCheckpoint,
} from '../../protocol/evidence/evidence.ts';
import { examinePromise, type PromiseFinding } from '../../protocol/evidence/examinePromise.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { readEntries } from './readEntries.ts';
import { readHistory } from '../records/readHistory.ts';

/** Party that follows a promise. */
export interface PromiseAsker extends SigningContext {
  readonly network: NetworkFile;
  /** A node that has the log. */
  readonly agent: Pick<AgentPort, 'checkpoint' | 'tile'>;
}

/** Sources that show that a checkpoint was made after a promise was due; at least one of both. */
export interface PromiseWitnesses {
  /** A ledger that the asker trusts: it has the time of the checkpoint before. */
  readonly ledger?: LedgerProvider;
  /** Later acknowledgements of that log: an entry that the log has was judged before the checkpoint was made. */
  readonly later?: readonly Acknowledgement[];
}

/** Finding about a promise, and the checkpoint that shows it; with all entries if the promise was broken. */
export type FollowedPromise = PromiseFinding & {
  readonly checkpoint: SignedCheckpoint;
  readonly history?: History;
};

/**
 * Finds out if the promise of an acknowledgement was kept: reads the whole log up to its newest checkpoint, whose time
 * the witnesses show.
 *
 * @param asker - Network, domain, primitives, node.
 * @param acknowledgement - Acknowledgement that contains the promise.
 * @param witnesses - Sources for the time of the checkpoint.
 * @throws MedsealError `EVIDENCE_INVALID` if the acknowledgement, or an answer of the node or the ledger, is not valid;
 * `NOT_YET` before the log's first checkpoint; `NOT_FOUND` if the node has no such log; `LEDGER_UNREACHABLE`,
 * `LEDGER_REJECTED`.
 * @example
 * ```ts
 * const found = await followPromise(auditor, acknowledgement, { ledger });
 * if (found.promise === 'kept') console.log(`The log has it at ${found.index}.`);
 * if (found.promise === 'broken') console.log(`${found.organisation} broke its promise.`);
 * ```
 */
export async function followPromise(
  asker: PromiseAsker,
  acknowledgement: Acknowledgement,
  { ledger, later }: PromiseWitnesses,
): Promise<FollowedPromise> {
  const { network, agent } = asker;
  const checkpoint = await agent.checkpoint(acknowledgement.log);
  const madeAfter = ledger === undefined ? 0 : await timeBefore(network, ledger, checkpoint);
  const finding = await examinePromise(asker, network, {
    acknowledgement,
    checkpoint,
    madeAfter,
    ...(later && { later }),
    entries: entriesOf(asker, checkpoint),
  });
  if (finding.promise !== 'broken') return { ...finding, checkpoint };
  return { ...finding, checkpoint, history: await readHistory(asker, checkpoint) };
}

async function* entriesOf(
  { primitives, agent }: PromiseAsker,
  { log, size }: SignedCheckpoint,
): AsyncGenerator<Uint8Array> {
  for await (const { entry } of readEntries(primitives, agent, log, size)) yield entry;
}

/** Returns the time at which the ledger took the checkpoint before a given one; 0 for the first checkpoint. */
async function timeBefore(
  network: NetworkFile,
  ledger: LedgerProvider,
  { log, size, root }: SignedCheckpoint,
): Promise<number> {
  const all = await readCheckpointed(ledger, network.contracts, logOf(network, log).log.id);
  const place = all.findIndex((each) => each.size === size && each.root === root);
  if (place === -1) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'the ledger holds no such checkpoint' });
  }
  const before = all[place - 1];
  return before === undefined ? 0 : await readBlockTime(ledger, before.block);
}
