import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { readBlockTime } from '../bindings/readBlockTime.ts';
import { readCheckpointed } from '../bindings/readCheckpointed.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Acknowledgement, SignedCheckpoint } from '../protocol/evidence.ts';
import { examinePromise, type PromiseFinding } from '../protocol/examinePromise.ts';
import { logOf } from '../protocol/networkLookups.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import type { SigningContext } from '../protocol/signing.ts';
import { readEntries } from './readEntries.ts';

/** Who asks what became of a promise. */
export interface PromiseAsker extends SigningContext {
  readonly network: NetworkFile;
  /** A node that has the log. */
  readonly agent: Pick<AgentPort, 'checkpoint' | 'tile'>;
}

/** What became of a promise, and the checkpoint that shows it. */
export type FollowedPromise = PromiseFinding & { readonly checkpoint: SignedCheckpoint };

/**
 * Finds out what became of an acknowledgement: reads the whole log up to its newest checkpoint, and asks a ledger when
 * it took the checkpoint before.
 *
 * @param asker - Network, domain, primitives, node.
 * @param acknowledgement - What was answered.
 * @param ledger - A ledger that the asker trusts.
 * @throws MedsealError `EVIDENCE_INVALID` where the acknowledgement or what the node and the ledger say does not hold;
 * of the node; of the ledger.
 */
export async function followPromise(
  asker: PromiseAsker,
  acknowledgement: Acknowledgement,
  ledger: LedgerProvider,
): Promise<FollowedPromise> {
  const { network, agent, primitives } = asker;
  const { log } = acknowledgement;
  const checkpoint = await agent.checkpoint(log);
  const madeAfter = await timeBefore(network, ledger, checkpoint);
  const entries = entriesOf(readEntries(primitives, agent, log, checkpoint.size));
  const finding = await examinePromise(asker, network, {
    acknowledgement,
    checkpoint,
    madeAfter,
    entries,
  });
  return { ...finding, checkpoint };
}

async function* entriesOf(
  rows: AsyncIterable<{ readonly entry: Uint8Array }>,
): AsyncGenerator<Uint8Array> {
  for await (const { entry } of rows) yield entry;
}

/** When the ledger took the checkpoint before one that it holds; 0 where there is none. */
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
