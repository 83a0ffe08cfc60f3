import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { ContributorPort } from '../ports.ts';

/** Another organisation's contributor, not trusted. */
export interface NamedPeer<Port = ContributorPort> {
  readonly name: Organisation;
  readonly port: Port;
  /** Called with what was wrong with something that the peer gave. */
  readonly blame: (error: unknown) => void;
}

/** Errors that an honest peer never causes; to be out of reach, or to lack something, is not among them. */
const FALSE = ['EVIDENCE_INVALID', 'FILE_MISMATCH', 'PEER_MALFORMED'] as const;

/**
 * Names a peer with the false data that it gave.
 *
 * @param name - The peer.
 * @param tell - Told of it.
 * @returns Takes an error of a check of the peer's data.
 */
export function blaming(
  name: Organisation,
  tell: (error: MedsealError<'PEER_FALSE'>) => void,
): NamedPeer['blame'] {
  return (error) => {
    if (!isMedsealError(error) || !FALSE.some((code) => isMedsealError(error, code))) return;
    tell(new MedsealError('PEER_FALSE', { peer: name, what: error.message }, { cause: error }));
  };
}

/**
 * Waits for work with what a peer gave, and tells what the peer did wrong if it fails.
 *
 * @param peer - The peer.
 * @param work - The work.
 */
export async function blamed<Result>(
  { blame }: Pick<NamedPeer, 'blame'>,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    blame(error);
    throw error;
  }
}
