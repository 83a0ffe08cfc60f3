import { MedsealError } from '../../errors/MedsealError.ts';
import { fileInForce } from '../../protocol/network/followSuccessors.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/**
 * Requires an organisation to be in a network now. One that the network files have never named passes: its keys are
 * compared with them later.
 *
 * @param files - The network file that was pinned and its known successors, oldest first.
 * @param organisation - The organisation.
 * @param at - Unix seconds.
 * @throws MedsealError `NETWORK_LEFT` if it is in the network no more; `NOT_YET` if it joins later.
 */
export function requireMember(
  files: readonly NetworkFile[],
  organisation: Organisation,
  at: number,
): void {
  const present = files.indexOf(fileInForce(files, at));
  const named = files.map(({ authority }) =>
    authority.members.some((member) => member.organisation === organisation),
  );
  if (named[present] === true) return;
  if (named.includes(true, present)) {
    throw new MedsealError('NOT_YET', { what: 'network file that names this node' });
  }
  const last = named.lastIndexOf(true);
  const left = files[last + 1]?.before?.at(-1)?.until;
  if (left !== undefined && last >= 0) {
    const moment = new Date(1000 * left).toISOString();
    throw new MedsealError('NETWORK_LEFT', { organisation, left: moment });
  }
}
