import { MedsealError } from '../errors/MedsealError.ts';
import { findShapeError } from '../protocol/findShapeError.ts';
import {
  peerCalls,
  type PeerContext,
  type PeerMethod,
  type PeerPorts,
} from '../services/peers/peerCalls.ts';

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
    coordinator: guard(() => ports.coordinator, peerCalls.coordinator, context),
    contributor: guard(() => ports.contributor, peerCalls.contributor, context),
    authority: guard(() => ports.authority, peerCalls.authority, context),
  };
}

function guard<Port extends object>(
  find: () => Port,
  methods: Readonly<Record<keyof Port, PeerMethod>>,
  context: PeerContext,
): Port {
  const guarded = Object.entries<PeerMethod>(methods).map(([name, method]) => {
    const call = (argument: unknown): unknown => {
      const misfit = findShapeError(method.takes, argument, name);
      if (misfit !== undefined) {
        const cause = new Error(misfit);
        throw new MedsealError('REQUEST_MALFORMED', { what: name }, { cause });
      }
      if (!method.allows(context, argument)) {
        throw new MedsealError('PEER_FORBIDDEN', { method: name });
      }
      const port = find();
      return (Reflect.get(port, name) as Method).call(port, argument);
    };
    return [
      name,
      method.gives === 'bytes' ? call : async (argument: unknown) => await call(argument),
    ];
  });
  return Object.fromEntries(guarded) as Port;
}
