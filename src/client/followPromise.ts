import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { readBlockTime } from '../bindings/readBlockTime.ts';
import { readCheckpointed } from '../bindings/readCheckpointed.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Acknowledgement, History, SignedCheckpoint } from '../protocol/evidence.ts';
import { examinePromise, type PromiseFinding } from '../protocol/examinePromise.ts';
import { logOf } from '../protocol/networkLookups.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import type { SigningContext } from '../protocol/signing.ts';
import { readEntries } from './readEntries.ts';
import { readHistory } from './readHistory.ts';

/** Who asks what became of a promise. */
export interface PromiseAsker extends SigningContext {
  readonly network: NetworkFile;
  /** A node that has the log. */
  readonly agent: Pick<AgentPort, 'checkpoint' | 'tile'>;
}

/** What tells that a checkpoint was made after a promise was due; at least one of both. */
export interface PromiseWitnesses {
  /** A ledger that the asker trusts: it says when it took the checkpoint before. */
  readonly ledger?: LedgerProvider;
  /** What was acknowledged in that log later: an entry that the log has was judged before the checkpoint was made. */
  readonly later?: readonly Acknowledgement[];
}

/** What became of a promise, and the checkpoint that shows it; if it was broken, with all entries. */
export type FollowedPromise = PromiseFinding & {
  readonly checkpoint: SignedCheckpoint;
  readonly history?: History;
};

/**
 * Finds out what became of an acknowledgement: reads the whole log up to its newest checkpoint, and holds it against
 * what tells when that was made.
 *
 * @param asker - Network, domain, primitives, node.
 * @param acknowledgement - What was answered.
 * @param witnesses - What tells when the checkpoint was made.
 * @throws MedsealError `EVIDENCE_INVALID` if the acknowledgement or what the node and the ledger say does not hold;
 * of the node; of the ledger.
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

/** When the ledger took the checkpoint before one that it holds; 0 if there is none. */
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
