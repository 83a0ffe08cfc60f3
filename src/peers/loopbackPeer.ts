import { guardPorts } from './guardPorts.ts';
import type { PeerContext, PeerPorts } from '../services/peers/peerCalls.ts';
import { loopback } from './loopback.ts';

/**
 * Reaches an organisation's services within a process: every value that crosses is encoded, and calls are allowed by the
 * same rules as across the network.
 *
 * @param ports - The services, looked up again with each call.
 * @param context - Caller and receiver.
 */
export function loopbackPeer(ports: PeerPorts, context: PeerContext): PeerPorts {
  const { coordinator, contributor, authority } = guardPorts(ports, context);
  return {
    coordinator: loopback(coordinator, {}),
    contributor: loopback(contributor, { file: true }),
    authority: loopback(authority, {}),
  };
}
