import { acknowledgementCheck, type EvidenceOptions } from './acknowledgementCheck.ts';
import type { Acknowledgement, Body, EntryBody } from './evidence.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { SigningContext } from '../struct/signing.ts';

/**
 * Verifies an acknowledgement by itself: the body hashes to the entry, its party signed the request in it, and k
 * coordinators of different organisations judged that entry for that log. Invalid verdicts do not count. A receipt
 * proves its place in the log.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param acknowledgement - Answer of a node, not trusted.
 * @param options - Options for verifying evidence.
 * @returns The body.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason; for a summary too, which belongs to no request.
 * @example
 * ```ts
 * const context = { domain: domainOf(network), primitives: portablePrimitives };
 * const { flag, request } = verifyAcknowledgement(context, network, acknowledgement);
 * console.log(`${request.type} of ${request.party}: ${flag}`);
 * ```
 */
export function verifyAcknowledgement(
  context: SigningContext,
  network: NetworkFile,
  acknowledgement: Acknowledgement,
  options?: EvidenceOptions,
): Body {
  return acknowledgementCheck(context, network, options).request(acknowledgement);
}

/**
 * Verifies an entry of either kind as `verifyAcknowledgement` does: that of a request, or a summary, which no party
 * signed.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param acknowledgement - Entry of a node, not trusted.
 * @param options - Options for verifying evidence.
 * @returns The body.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 */
export function verifyEntry(
  context: SigningContext,
  network: NetworkFile,
  acknowledgement: Acknowledgement,
  options?: EvidenceOptions,
): EntryBody {
  return acknowledgementCheck(context, network, options).body(acknowledgement);
}
