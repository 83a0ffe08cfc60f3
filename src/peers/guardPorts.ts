import { MedsealError } from '../errors/MedsealError.ts';
import {
  peerRules,
  type PeerContext,
  type PeerPorts,
  type PeerRule,
  type PeerRules,
} from '../services/peers/peerRules.ts';

type Method = (argument: unknown) => unknown;

/**
 * An organisation's services as another organisation may use them.
 *
 * @param ports - The services; each is looked up with each call.
 * @param context - Caller, authenticated, and receiver.
 * @returns Ports whose methods throw MedsealError `REQUEST_MALFORMED` if the argument is malformed, and
 * `PEER_FORBIDDEN` if the caller may not make the call.
 */
export function guardPorts(ports: PeerPorts, context: PeerContext): PeerPorts {
  return {
    coordinator: guard(() => ports.coordinator, peerRules.coordinator, context),
    contributor: guard(() => ports.contributor, peerRules.contributor, context),
    authority: guard(() => ports.authority, peerRules.authority, context),
  };
}

function guard<Port extends object>(
  find: () => Port,
  rules: PeerRules<Port>,
  context: PeerContext,
): Port {
  const guarded = Object.entries<PeerRule>(rules).map(([name, rule]) => {
    const call = (argument: unknown): unknown => {
      if (!rule.takes(argument)) throw new MedsealError('REQUEST_MALFORMED', { what: name });
      if (!rule.allows(context, argument)) {
        throw new MedsealError('PEER_FORBIDDEN', { method: name });
      }
      const port = find();
      return (Reflect.get(port, name) as Method).call(port, argument);
    };
    return [name, rule.streams ? call : async (argument: unknown) => await call(argument)];
  });
  return Object.fromEntries(guarded) as Port;
}
