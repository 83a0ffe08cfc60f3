import { malformed } from '../../../errors/malformed.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { Bytes32, Handle } from '../../../protocol/ids.ts';
import type { Write } from '../../../protocol/struct/requests.ts';
import type { ServiceContext } from '../../ServiceContext.ts';

/**
 * Requires that each entry that a claim names is an accepted write on this patient's chart, by its acknowledgement, and
 * that there are no others. The verdicts in it show that k coordinators judged the write before the claim was made.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted.
 * @param handle - The patient.
 * @param named - The entries, at least one; one may be named twice.
 * @returns The writes.
 * @throws MedsealError `REQUEST_MALFORMED` for `entries`; `EVIDENCE_INVALID`.
 */
export function requireClaimedEntries(
  context: ServiceContext,
  { entries = [] }: Submission,
  handle: Handle,
  named: readonly Bytes32[],
): readonly Write[] {
  const wanted = new Set(named);
  const given = new Set(entries.map(({ entry }) => entry));
  const isExact = given.size === entries.length && given.size === wanted.size;
  if (!isExact || wanted.size === 0 || !entries.every(({ entry }) => wanted.has(entry)))
    throw malformed('entries');
  // Verdicts and all: a peer that never saw the entry verifies the copy that is kept.
  return entries.map((entry) => {
    const { flag, request } = context.verifiedBodies.verifyWhole(context, context.network, entry);
    const write = request.message as Write;
    if (flag !== 'A' || request.type !== 'Write' || write.handle !== handle) {
      throw malformed('entries');
    }
    return write;
  });
}
