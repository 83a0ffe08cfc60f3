import { acknowledgementCheck, type EvidenceOptions } from './acknowledgementCheck.ts';
import type { Acknowledgement, Body, EntryBody } from './evidence.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { SigningContext } from './signing.ts';

/**
 * Checks an acknowledgement by itself: the body hashes to the entry, its party signed the request in it, and k
 * coordinators of different organisations judged that entry for that log. Verdicts that do not hold do not count. Its
 * place in the log is what a receipt proves.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param acknowledgement - What a node answered.
 * @param options - How strict, and whose keys.
 * @returns The body.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason; for a summary too, which answers nobody.
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
 * Checks an entry of either kind as `verifyAcknowledgement` does: that of a request, or a summary, which no party
 * signed.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param acknowledgement - What a node holds.
 * @param options - How strict, and whose keys.
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
