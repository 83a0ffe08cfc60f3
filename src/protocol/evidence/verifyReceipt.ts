import { hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceOptions } from './acknowledgementCheck.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { EntryBody, Receipt } from './evidence.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { SigningContext } from '../struct/signing.ts';
import { verifyEntry } from './verifyAcknowledgement.ts';
import { verifyPlace } from './verifyPlace.ts';
import { verifyCheckpoint } from './verifyCheckpoint.ts';

/**
 * Verifies a receipt offline, with the pinned network file alone: the body is the entry's, k coordinators judged it, k
 * coordinators and the log signed the checkpoint, and the checkpoint holds the entry at its place. The log signed the
 * transaction that put it on the ledger; only a ledger can confirm the transaction.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param receipt - The receipt.
 * @param options - Options for verifying evidence.
 * @returns The body that the receipt is for.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 * @example
 * ```ts
 * const context = { domain: domainOf(network), primitives: portablePrimitives };
 * const body = verifyReceipt(context, network, receipt);
 * if (body.format === 'medseal-body/1') console.log(body.request.party, body.request.type, body.flag);
 * ```
 */
export function verifyReceipt(
  context: SigningContext,
  network: NetworkFile,
  receipt: Receipt,
  options: EvidenceOptions = {},
): EntryBody {
  return checkEvidence(() => check(context, network, receipt, options));
}

function check(
  context: SigningContext,
  network: NetworkFile,
  receipt: Receipt,
  options: EvidenceOptions,
): EntryBody {
  const { acknowledgement, checkpoint, inclusion, ledger } = receipt;
  if (receipt.format !== 'medseal-receipt/1') throw invalid('the receipt is of another format');
  if (checkpoint.log !== acknowledgement.log) throw invalid('the checkpoint is of another log');
  const body = verifyEntry(context, network, acknowledgement, options);
  verifyCheckpoint(context, network, checkpoint, { ...options, madeAfter: body.at });
  const included = verifyInclusion(context.primitives, {
    index: acknowledgement.index,
    size: checkpoint.size,
    leaf: leafHash(context.primitives, hexToBytes(acknowledgement.entry)),
    proof: inclusion.map(hexToBytes),
    root: hexToBytes(checkpoint.root),
  });
  if (!included) throw invalid('the checkpoint does not hold the entry at its place');
  verifyPlace(context.primitives, network, checkpoint, ledger, body.at);
  return body;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
