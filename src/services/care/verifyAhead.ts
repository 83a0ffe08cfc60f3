import type { Submission } from '../../protocol/AgentPort.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { MAX_CLAIMED } from '../../protocol/shapes/askedShapes.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Verifies the acknowledgements that a request of care rests on, one after the other, so that its check, which looks at
 * all of them at once, finds what became of each.
 *
 * @param context - The organisation's context.
 * @param submission - Not trusted; the check says what is wrong with it.
 */
export async function verifyAhead(
  context: ServiceContext,
  submission: Submission | undefined,
): Promise<void> {
  const { entries, written } = submission ?? {};
  const named = Array.isArray(entries) && entries.length <= MAX_CLAIMED ? entries : [];
  for (const each of [...named, ...(written === undefined ? [] : [written])]) {
    const { verifiedBodies, network } = context;
    const verify = (): boolean => verifiedBodies.verifyWhole(context, network, each).flag === 'A';
    await context.turns.run(() => succeeds(verify));
  }
}
