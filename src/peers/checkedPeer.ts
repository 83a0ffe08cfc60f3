import { MedsealError } from '../errors/MedsealError.ts';
import { findShapeError } from '../protocol/findShapeError.ts';
import { peerAnswers, type PeerAnswer } from '../services/peers/peerAnswers.ts';
import type { PeerPorts } from '../services/peers/peerRules.ts';

type Method = (argument: unknown) => unknown;

/**
 * Another organisation's services, whose every answer is well formed or an error: callers need not fear what else a
 * peer may send.
 *
 * @param peer - Not trusted; each of its services is looked up with each call.
 * @returns Ports whose methods throw what the peer throws, and MedsealError `PEER_MALFORMED` if an answer is malformed.
 */
export function checkedPeer(peer: PeerPorts): PeerPorts {
  const services = Object.entries(peerAnswers).map(([service, answers]) => {
    const methods = Object.entries<PeerAnswer | 'bytes' | 'nothing'>(answers).map(
      ([name, answer]) => {
        const call: Method = (argument) => {
          const port = peer[service as keyof PeerPorts];
          return (Reflect.get(port, name) as Method).call(port, argument);
        };
        if (answer === 'bytes') return [name, call];
        const ask = async (argument: unknown): Promise<unknown> =>
          checked(name, answer, await call(argument));
        return [name, ask];
      },
    );
    return [service, Object.fromEntries(methods)];
  });
  return Object.fromEntries(services) as PeerPorts;
}

function checked(name: string, answer: PeerAnswer | 'nothing', value: unknown): unknown {
  if (answer === 'nothing') return undefined;
  // An absent answer may arrive as null.
  if (answer.orNothing && (value === undefined || value === null)) return undefined;
  const misfit = findShapeError(answer.shape, value, name);
  if (misfit === undefined) return value;
  const cause = new Error(misfit);
  throw new MedsealError('PEER_MALFORMED', { what: `answer to ${name}` }, { cause });
}
