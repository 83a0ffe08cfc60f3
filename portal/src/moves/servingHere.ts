import { servedBy, webPorts } from '../../../src/client/index.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import { followSuccessors } from '../../../src/protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import type { Place } from '../session/Place.ts';
import type { Session } from '../session/Session.ts';

/** The organisation whose node serves a person, as this page knows. */
export interface ServingHere {
  readonly by: Organisation;
  /** True if that one has left the network. */
  readonly hasLeft: boolean;
  /** Address of its page; absent if it left or this page does not know it. */
  readonly page?: string;
  /** Unix seconds from which this page's organisation is out of the network; absent if it stays. */
  readonly leaves?: number;
  /** The other organisations of the network. */
  readonly others: readonly Organisation[];
}

/**
 * Finds out whose node serves a person, and if this page's organisation is about to leave the network.
 *
 * @param session - The person.
 * @param enrolled - The organisation that the person was enrolled at.
 * @throws MedsealError `FOLDER_FOREIGN` if the device was damaged.
 */
export async function servingHere(
  { party, place }: Pick<Session, 'party' | 'place'>,
  enrolled: Organisation,
): Promise<ServingHere> {
  const { organisation: by, url } = (await servedBy(party)) ?? { organisation: enrolled };
  const members = membersOf(place.network);
  const hasLeft = !members.includes(by);
  const leaves = await leavingOf(place);
  return {
    by,
    hasLeft,
    ...(url !== undefined && !hasLeft && { page: `${url}/${by}/portal/` }),
    ...(leaves !== undefined && { leaves }),
    others: members.filter((each) => each !== place.organisation),
  };
}

/** The moment from which an organisation is out of the network, by a successor that is signed. */
async function leavingOf({ agent, network, organisation }: Place): Promise<number | undefined> {
  try {
    const { format, successors } = await agent.successors();
    const files = followSuccessors(webPorts, network, { format, successors });
    return files.find((file) => !membersOf(file).includes(organisation))?.before?.at(-1)?.until;
  } catch {
    // A false answer, or none, tells of no leaving.
    return undefined;
  }
}

function membersOf({ authority }: NetworkFile): readonly Organisation[] {
  return authority.members.map(({ organisation }) => organisation);
}
