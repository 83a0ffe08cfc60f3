import { MedsealError } from '../errors/MedsealError.ts';
import { findShapeError } from '../protocol/wire/findShapeError.ts';
import { interceptPeer } from '../services/peers/interceptPeer.ts';
import type { PeerContext, PeerPorts } from '../services/peers/peerCalls.ts';

/**
 * An organisation's services as another organisation may use them.
 *
 * @param ports - The services; each is looked up with each call.
 * @param context - Caller, authenticated, and receiver.
 * @returns Ports whose methods throw MedsealError `REQUEST_MALFORMED` if the argument is malformed, and
 * `PEER_FORBIDDEN` if the caller may not make the call.
 */
export function guardPorts(ports: PeerPorts, context: PeerContext): PeerPorts {
  return interceptPeer(ports, ({ name, row, argument }, next) => {
    const misfit = findShapeError(row.takes, argument, name);
    if (misfit !== undefined) {
      const cause = new Error(misfit);
      throw new MedsealError('REQUEST_MALFORMED', { what: name }, { cause });
    }
    if (!row.allows(context, argument)) throw new MedsealError('PEER_FORBIDDEN', { method: name });
    return next();
  });
}
