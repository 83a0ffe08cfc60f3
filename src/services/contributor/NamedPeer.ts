import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { ContributorPort } from '../ports.ts';

/** Another organisation's contributor, not trusted. */
export interface NamedPeer<Port = ContributorPort> {
  readonly name: Organisation;
  readonly port: Port;
  /** Told what was wrong with something that the peer gave. */
  readonly blame: (error: unknown) => void;
}

/** Errors that an honest peer never causes; to be out of reach, or to lack something, is not among them. */
const FALSE = ['EVIDENCE_INVALID', 'FILE_MISMATCH', 'PEER_MALFORMED'] as const;

/**
 * Names a peer with what it gave that proves false.
 *
 * @param name - The peer.
 * @param tell - Told of it.
 * @returns Takes what was thrown where something of the peer was checked.
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
