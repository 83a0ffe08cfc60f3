import { nodeReason, type NodeReason } from '../../protocol/operator/nodeReasons.ts';
import type { LackingProgram } from './EnginePrograms.ts';

/**
 * Returns what a node waits for whose validator lacks the program that the ledger goes on with.
 *
 * @param lacking - The program; undefined if it lacks none.
 */
export function awaitedProgram(lacking: LackingProgram | undefined): readonly NodeReason[] {
  if (lacking === undefined) return [];
  const { platform, sha256 } = lacking;
  if (sha256 === undefined) return [nodeReason('program-foreign', { platform })];
  return [nodeReason('program-lacking', { sha256, platform })];
}
