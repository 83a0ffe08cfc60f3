import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { PortalStatement } from '../../protocol/portal/portalStatement.ts';

/** Seconds after which a statement is signed again. */
const KEPT_FOR = 3600;

/**
 * Keeps a statement about a portal, which everybody may ask for: a signature for each caller would let anyone use up the
 * processor, and collect signatures of the log's key.
 *
 * @param sign - Signs the statement, as of a moment in Unix seconds.
 * @param clock - The clock.
 */
export function keepStatement(
  sign: (at: number) => PortalStatement,
  clock: Clock,
): () => PortalStatement {
  let kept: PortalStatement | undefined;
  return () => {
    const at = seconds(clock);
    if (kept === undefined || at < kept.at || at >= kept.at + KEPT_FOR) kept = sign(at);
    return kept;
  };
}
