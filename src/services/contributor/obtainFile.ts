import { MedsealError } from '../../errors/MedsealError.ts';
import type { FileIdentity, Vault } from '../../vault/Vault.ts';
import type { ContributorPort } from '../ports.ts';
import type { NamedPeer } from './NamedPeer.ts';

/** Seconds that a copied file may wait for its owner. */
export const COPY_LEASE = 3600;

/**
 * Fetches a sealed file from the first peer that gives it whole. The vault takes nothing else.
 *
 * @param vault - Vault that takes it.
 * @param file - The file.
 * @param peers - Peers to ask, in this order.
 * @param options - The time, Unix seconds, and what ends the fetching when it is aborted.
 * @throws MedsealError of the last peer; `FILE_ABSENT` if there are no peers.
 */
export async function obtainFile(
  vault: Vault,
  file: FileIdentity,
  peers: readonly NamedPeer<Pick<ContributorPort, 'file'>>[],
  options: { readonly now: number; readonly signal: AbortSignal },
): Promise<void> {
  let failure: unknown = new MedsealError('FILE_ABSENT', {});
  for (const { port, blame } of peers) {
    try {
      const content = untilAborted(port.file(file.hash), options.signal);
      await vault.put(file, content, options.now + COPY_LEASE);
      return;
    } catch (error) {
      if (options.signal.aborted) throw error;
      blame(error);
      failure = error;
    }
  }
  throw failure;
}

async function* untilAborted(
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  for await (const part of content) {
    if (signal.aborted) throw new MedsealError('CLOSED', { what: 'contributor' });
    yield part;
  }
}
