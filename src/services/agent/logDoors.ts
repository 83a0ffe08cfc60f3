import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { EntryProof, PendingReceipt } from '../../protocol/evidence/evidence.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import type { LogName } from '../../protocol/ids.ts';
import type { AgentContext } from './AgentContext.ts';
import { batchesOf } from './batchesOf.ts';

/** Milliseconds after which to ask again for a receipt: about as long as a checkpoint takes. */
const RETRY_AFTER = 200;

/**
 * The operations of an agent that prove what stands in a log, to anyone.
 *
 * @param agent - The agent's context.
 */
export function logDoors({
  logs,
  log: own,
  administrator,
  primitives,
}: AgentContext): Pick<AgentPort, 'receipt' | 'checkpoint' | 'tile' | 'batches'> {
  const batches = new Map([...logs].map(([name, log]) => [name, batchesOf(log, primitives)]));
  return {
    receipt: async ({ log: name, index }) => {
      const log = required(logs, name);
      const receipt = await receiptIn(log, index);
      if (log === own && isPending(receipt)) administrator.hasten(index);
      return receipt;
    },
    checkpoint: async (name) => {
      const latest = await required(logs, name).latestCheckpoint();
      if (latest === undefined) throw new MedsealError('NOT_YET', { what: 'checkpoint' });
      return latest.checkpoint;
    },
    tile: async ({ log: name, level, index, width }) => {
      const log = required(logs, name);
      const isBundle = level === 'entries';
      return bytesToHex(
        await (isBundle ? log.entryBundle(index, width) : log.tile(level, index, width)),
      );
    },
    batches: async ({ log, from }) => await required(batches, log)(from),
  };
}

async function receiptIn(log: EvidenceLog, index: number): Promise<EntryProof | PendingReceipt> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= log.size) {
    throw new MedsealError('NOT_FOUND', { what: 'entry' });
  }
  const placed = await log.checkpointCovering(index);
  if (placed === undefined) {
    const checkpointed = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
    const { name } = log.identity;
    return { status: 'pending', log: name, index, checkpointed, retryAfter: RETRY_AFTER };
  }
  return {
    checkpoint: placed.checkpoint,
    inclusion: await log.inclusion(index, placed.checkpoint.size),
    ledger: placed.ledger,
  };
}

function required<Value>(byLog: ReadonlyMap<LogName, Value>, name: LogName): Value {
  const value = byLog.get(name);
  if (value === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
  return value;
}
