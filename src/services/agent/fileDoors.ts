import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort, ByteRange } from '../../protocol/AgentPort.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { AgentContext } from './AgentContext.ts';
import { throwCounted } from './answerSubmissions.ts';
import type { Releases } from './Releases.ts';
import { takeUpload } from './takeUpload.ts';

/**
 * The operations of an agent on sealed files. One that it gives was released before, by the ticket of an answer.
 *
 * @param agent - The agent's context.
 * @param releases - Tickets that it gave.
 */
export function fileDoors(
  agent: AgentContext,
  releases: Pick<Releases, 'require'>,
): Pick<AgentPort, 'upload' | 'fileSize' | 'download'> {
  return {
    upload: async (request, content) => {
      await takeUpload(agent, request, content).catch((error: unknown) =>
        throwCounted(agent, error),
      );
    },
    async fileSize(ticket, hash) {
      releases.require('file', ticket, hash);
      await agent.contributor.obtain(hash);
      const found = await agent.vault.stat(hash);
      if (found === undefined) throw new MedsealError('FILE_ABSENT', {});
      return found.size;
    },
    download(ticket, hash, range) {
      releases.require('file', ticket, hash);
      return stored(agent, hash, range);
    },
  };
}

/** A sealed file, from a peer if it was not copied yet or is lost. */
async function* stored(
  { contributor, vault }: AgentContext,
  hash: Bytes32,
  range?: ByteRange,
): AsyncIterable<Uint8Array> {
  await contributor.obtain(hash);
  try {
    yield* vault.get(hash, range);
  } catch (error) {
    // The bytes given so far are useless; the next try gets a whole file.
    if (isMedsealError(error, 'FILE_MISMATCH')) await contributor.mend(hash).catch(() => undefined);
    throw error;
  }
}
