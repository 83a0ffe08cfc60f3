import { acknowledgementCheck, type EvidenceOptions } from './acknowledgementCheck.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { Acknowledgement, Body } from './evidence.ts';
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
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 */
export function verifyAcknowledgement(
  context: SigningContext,
  network: NetworkFile,
  acknowledgement: Acknowledgement,
  options?: EvidenceOptions,
): Body {
  const check = acknowledgementCheck(context, network, options);
  return checkEvidence(() => check.body(acknowledgement));
}
