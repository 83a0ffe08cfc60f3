import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import { verifyCheckpoint } from '../../protocol/evidence/verifyCheckpoint.ts';
import type { ExaminationContext } from '../audit/examineLog.ts';
import type { LogWitness } from './LogWitness.ts';

/**
 * Witness from another organisation's copy of a log: both must have one history.
 *
 * @param context - Network, domain and primitives.
 * @param organisation - Organisation that has the copy.
 * @param agent - Its node.
 * @param log - The log.
 * @example
 * ```ts
 * const laboratory = httpAgent('http://127.0.0.1:8480/laboratory');
 * const witness = copyWitness(auditor, 'laboratory', laboratory, 'care/hospital');
 * const { faults } = await examineLog(auditor, agent, 'care/hospital', [witness]);
 * ```
 */
export function copyWitness(
  context: ExaminationContext,
  organisation: Organisation,
  agent: Pick<AgentPort, 'checkpoint'>,
  log: LogName,
): LogWitness {
  let checkpoint: SignedCheckpoint | undefined;
  let failure: MedsealError | undefined;

  return {
    name: organisation,
    async size() {
      try {
        checkpoint = await agent.checkpoint(log);
        verifyCheckpoint(context, context.network, checkpoint);
        return checkpoint.size;
      } catch (error) {
        if (!(error instanceof MedsealError)) throw error;
        failure = error;
        return 0;
      }
    },
    async compare({ roots, size }) {
      await Promise.resolve();
      if (isMedsealError(failure, 'EVIDENCE_INVALID')) {
        return said([`at ${organisation}: ${failure.values.reason}`]);
      }
      if (isMedsealError(failure, 'NOT_YET') && size === 0) return said([]);
      if (failure !== undefined) {
        return { faults: [], unchecked: [`the copy of ${organisation}: ${failure.message}`] };
      }
      const there = checkpoint?.size ?? 0;
      if (there > size)
        return said([`${organisation} has ${there} entries, the node serves ${size}`]);
      if (roots.get(there) === checkpoint?.root) return said([]);
      return said([`${organisation} shows another history, of ${there} entries: a split view`]);
    },
  };
}

function said(faults: readonly string[]): { faults: readonly string[]; unchecked: readonly [] } {
  return { faults, unchecked: [] };
}
