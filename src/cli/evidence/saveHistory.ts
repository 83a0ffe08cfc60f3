import { readHistory } from '../../client/records/readHistory.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { LogName } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { verifyHistory } from '../../protocol/evidence/verifyHistory.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import { calledAs } from '../program/calledAs.ts';
import type { HISTORY_SAVED } from './evidenceAnswers.ts';

/**
 * Keeps a log as a node serves it now: its newest checkpoint with all entries, once they are found to be one.
 *
 * @param network - The pinned network file.
 * @param agent - The node.
 * @param log - The log.
 * @param file - Path of the file to write.
 * @throws MedsealError `NOT_YET` if it has no checkpoint; `EVIDENCE_INVALID`; `ARGUMENT_INVALID` if the file cannot
 * be written.
 */
export async function saveHistory(
  network: NetworkFile,
  agent: Pick<AgentPort, 'checkpoint' | 'tile'>,
  log: LogName,
  file: string,
): Promise<AnswerOf<typeof HISTORY_SAVED>> {
  const context = { primitives: await createNativePrimitives(), domain: domainOf(network) };
  const checkpoint = await agent.checkpoint(log);
  const history = await readHistory({ ...context, agent }, checkpoint);
  verifyHistory(context, network, history);
  await writeFileWhole(file, formatEvidenceFile(history), '--history');
  const { size, root } = checkpoint;
  return {
    value: { log, size, root, file },
    lines: [
      `${log}, with ${size} entries, was saved in ${file}. Next: ${calledAs(`verify ${file}`)}`,
    ],
  };
}
