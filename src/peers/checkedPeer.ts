import { MedsealError } from '../errors/MedsealError.ts';
import { findShapeError, type Shape } from '../protocol/findShapeError.ts';
import { peerCalls, type PeerMethod, type PeerPorts } from '../services/peers/peerCalls.ts';

type Method = (argument: unknown) => unknown;

/**
 * Another organisation's services, whose every answer is well formed or an error: callers need not fear what else a
 * peer may send.
 *
 * @param peer - Not trusted; each of its services is looked up with each call.
 * @returns Ports whose methods throw what the peer throws, and MedsealError `PEER_MALFORMED` if an answer is malformed.
 */
export function checkedPeer(peer: PeerPorts): PeerPorts {
  const services = Object.entries(peerCalls).map(([service, calls]) => {
    const methods = Object.entries<PeerMethod>(calls).map(([name, { gives, orNothing }]) => {
      const call: Method = (argument) => {
        const port = peer[service as keyof PeerPorts];
        return (Reflect.get(port, name) as Method).call(port, argument);
      };
      if (gives === 'bytes') return [name, call];
      const ask = async (argument: unknown): Promise<unknown> => {
        const answer = await call(argument);
        // An absent answer may arrive as null.
        const nothing = gives === 'nothing' || (orNothing && (answer ?? undefined) === undefined);
        return nothing ? undefined : checked(name, gives, answer);
      };
      return [name, ask];
    });
    return [service, Object.fromEntries(methods)];
  });
  return Object.fromEntries(services) as PeerPorts;
}

function checked(name: string, shape: Shape, value: unknown): unknown {
  const misfit = findShapeError(shape, value, name);
  if (misfit === undefined) return value;
  const cause = new Error(misfit);
  throw new MedsealError('PEER_MALFORMED', { what: `answer to ${name}` }, { cause });
}
