import { guardPorts } from '../../services/guardPorts.ts';
import type { PeerContext, PeerPorts } from '../../services/peerRules.ts';
import { loopback } from '../loopback.ts';

/**
 * Another organisation's services, or one's own, within a process: everything that crosses is encoded, and may be
 * called by the same rules as across the network.
 *
 * @param ports - The services; each is looked up with each call.
 * @param context - Who calls whom.
 */
export function loopbackPeer(ports: PeerPorts, context: PeerContext): PeerPorts {
  const { coordinator, contributor, authority } = guardPorts(ports, context);
  return {
    coordinator: loopback(coordinator),
    contributor: loopback(contributor),
    authority: loopback(authority),
  };
}
