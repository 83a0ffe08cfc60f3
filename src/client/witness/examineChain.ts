import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { checkEvidence } from '../../protocol/evidence/checkEvidence.ts';
import type { SavedChain } from '../../protocol/evidence/evidence.ts';
import type { LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { verifyCheckpoint } from '../../protocol/evidence/verifyCheckpoint.ts';
import type { AuditedLog } from '../audit/Audit.ts';
import { chainBlocks, type ChainBlock } from './chainBlocks.ts';
import { compareWithLedger } from './compareWithLedger.ts';
import { examinePart, type ChainContext } from '../records/examinePart.ts';

/** Findings about a saved chain. */
export interface ExaminedChain {
  readonly logs: readonly AuditedLog[];
  readonly blocks: readonly ChainBlock[];
  /** Faults of the chain as a whole, a sentence for each. */
  readonly faults: readonly string[];
}

/**
 * Examines a saved chain, a patient's or a party's own: every author's signature, every verdict, every place in a log, the coordinators'
 * counts, every block's header; with a ledger also that it holds the checkpoints, and without one nobody is asked.
 * Every saved signature must be valid, not only k.
 *
 * @param context - Network, domain and primitives.
 * @param chain - Chain that has the right form, not trusted.
 * @param sources - Ledger that the caller trusts, if any.
 * @throws MedsealError `EVIDENCE_INVALID` if it is not the chain of an audit at all; of the ledger.
 * @example
 * ```ts
 * const context = { network, domain: domainOf(network), primitives: portablePrimitives };
 * const file = parseEvidenceFile(bytes);
 * if (file.kind !== 'chain') throw new Error('pick a saved chain');
 * const { blocks, faults } = await examineChain(context, file.chain);
 * console.log(`${blocks.length} blocks, ${faults.length} faults`);
 * ```
 */
export async function examineChain(
  context: ChainContext,
  chain: SavedChain,
  { ledger }: { readonly ledger?: LedgerProvider } = {},
): Promise<ExaminedChain> {
  const { handle, party, acknowledgement, parts } = chain;
  const check = acknowledgementCheck(context, context.network, { strict: true });
  const { flag, request } = check.request(acknowledgement);
  const { what, handle: of } = request.message as View;
  const isOwn =
    party === undefined ? what === 'audit' : what === 'chain' && request.party === party;
  if (flag !== 'A' || request.type !== 'View' || !isOwn || of !== handle) {
    throw new MedsealError('EVIDENCE_INVALID', {
      reason: `it does not belong to ${party ? 'a look by the party' : 'an audit by the patient'}`,
    });
  }
  const names = checkEvidence(() => logOf(context.network, acknowledgement.log)).channel.logs.map(
    ({ name }) => name,
  );
  const faults: string[] = [];
  if (new Set(parts.map(({ log }) => log)).size < parts.length) faults.push('a log is there twice');
  if (parts.some(({ log }) => !names.includes(log))) faults.push('a log is not of the channel');
  const logs: AuditedLog[] = [];
  for (const name of names) {
    const log = await examineLog(context, chain, name);
    logs.push(ledger ? await comparedLog(context, ledger, log) : log);
  }
  const blocks = await chainBlocks(context.primitives, { handle, ...(party && { party }), logs });
  if (blocks.length !== chain.blocks.length) {
    faults.push(`${chain.blocks.length} blocks were kept, and its entries make ${blocks.length}`);
  }
  const compared = blocks.map((block, place) => {
    const saved = chain.blocks[place];
    if (saved === undefined || canonicalJson(saved) === canonicalJson(block.header)) return block;
    const fault = 'its header does not match its entries and the block before it';
    return { ...block, faults: [...block.faults, fault] };
  });
  return { logs, blocks: compared, faults };
}

async function examineLog(
  context: ChainContext,
  chain: SavedChain,
  log: LogName,
): Promise<AuditedLog> {
  const part = chain.parts.find((each) => each.log === log);
  const nothing = { log, events: [], complete: false };
  if (part === undefined) {
    return { ...nothing, faults: [], unchecked: ['what it holds: it was not kept'] };
  }
  try {
    verifyCheckpoint(context, context.network, part.checkpoint, { strict: true });
    if (part.checkpoint.log !== log) throw invalid('the checkpoint is of another log');
    return await examinePart(context, chain, part, { strict: true });
  } catch (error) {
    if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
    return { ...nothing, faults: [error.values.reason], unchecked: [] };
  }
}

async function comparedLog(
  { network }: ChainContext,
  ledger: LedgerProvider,
  log: AuditedLog,
): Promise<AuditedLog> {
  if (log.checkpoint === undefined) return log;
  const { faults, unchecked } = await compareWithLedger(network, ledger, log.checkpoint);
  return {
    ...log,
    faults: [...log.faults, ...faults],
    unchecked: [...log.unchecked, ...unchecked],
  };
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
