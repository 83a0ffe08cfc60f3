import { interceptMethod, type AnyMethod, type InterceptedCall } from '../interceptMethod.ts';
import { peerCalls, type PeerMethod, type PeerPorts } from './peerCalls.ts';

/** A call between organisations on its way. */
export interface InterceptedPeerCall extends Pick<InterceptedCall<string>, 'name' | 'place'> {
  /** The method's row. */
  readonly row: PeerMethod;
  readonly argument: unknown;
}

/** Stands between an organisation and another's service: see `Step`. */
export type PeerStep = (call: InterceptedPeerCall, next: () => unknown) => unknown;

/**
 * An organisation's services with one step before each of their methods. They have the methods that the table of peer
 * calls names, and nothing else.
 *
 * @param peer - The services; each is looked up with each call.
 * @param step - Goes on with `next`, or answers or throws itself.
 * @param streams - `parts` if the step runs for each part of a stream instead of once for the stream.
 */
export function interceptPeer(
  peer: PeerPorts,
  step: PeerStep,
  streams: 'stream' | 'parts' = 'stream',
): PeerPorts {
  return {
    coordinator: intercepted('coordinator'),
    contributor: intercepted('contributor'),
    authority: intercepted('authority'),
  };

  function intercepted<Service extends keyof PeerPorts>(service: Service): PeerPorts[Service] {
    const calls: Readonly<Record<string | symbol, PeerMethod>> = peerCalls[service];
    return new Proxy({} as PeerPorts[Service], {
      get(_, name) {
        const row = Object.hasOwn(calls, name) ? calls[name] : undefined;
        if (row === undefined) return undefined;
        const method: AnyMethod = (argument) => {
          const port = peer[service];
          return (Reflect.get(port, name) as AnyMethod).call(port, argument);
        };
        const answers = row.gives === 'bytes' ? streams : 'value';
        return interceptMethod<string>({ name: String(name), answers }, method, (call, next) =>
          step({ ...call, row, argument: call.values[0] }, () => next()),
        );
      },
    });
  }
}
