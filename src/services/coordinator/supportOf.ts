import type { Body } from '../../protocol/evidence/evidence.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';

/**
 * Returns the support of a body with the readings that the body itself holds: what a coordinator signs over is what it
 * judged, and an agent that drops or swaps readings shows that in the entry.
 *
 * @param body - The body, parsed.
 * @param along - Openings and other support that came beside it.
 */
export function supportOf(
  { readings }: Pick<Body, 'readings'>,
  along: Omit<EvidenceSupport, 'readings'>,
): EvidenceSupport {
  // A caller's own `readings` would be of another batch than the one that is signed over.
  const { readings: _own, ...support } = along as EvidenceSupport;
  return { ...support, ...(readings && { readings }) };
}
