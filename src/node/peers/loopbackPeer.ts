import { guardPort } from '../../services/guardPort.ts';
import { peerRules, type PeerContext, type PeerPorts } from '../../services/peerRules.ts';
import { lazily } from '../lazily.ts';
import { loopback } from '../loopback.ts';

/**
 * Another organisation's services, or one's own, within a process: everything that crosses is encoded, and may be
 * called by the same rules as across the network.
 *
 * @param ports - The services; each is looked up with each call.
 * @param context - Who calls whom.
 */
export function loopbackPeer(ports: PeerPorts, context: PeerContext): PeerPorts {
  const { coordinator, contributor, authority } = peerRules;
  return {
    coordinator: loopback(
      guardPort(
        lazily(() => ports.coordinator),
        coordinator,
        context,
      ),
    ),
    contributor: loopback(
      guardPort(
        lazily(() => ports.contributor),
        contributor,
        context,
      ),
    ),
    authority: loopback(
      guardPort(
        lazily(() => ports.authority),
        authority,
        context,
      ),
    ),
  };
}
