import { MedsealError } from '../errors/MedsealError.ts';
import { findShapeError, type Shape } from '../protocol/wire/findShapeError.ts';
import { interceptPeer } from '../services/peers/interceptPeer.ts';
import type { PeerMethod, PeerPorts } from '../services/peers/peerCalls.ts';

/**
 * Another organisation's services, whose every answer is well formed or an error: callers need not fear what else a
 * peer may send.
 *
 * @param peer - Not trusted; each of its services is looked up with each call.
 * @returns Ports whose methods throw what the peer throws, and MedsealError `PEER_MALFORMED` if an answer is malformed.
 */
export function checkedPeer(peer: PeerPorts): PeerPorts {
  return interceptPeer(peer, ({ name, row, row: { gives } }, next) =>
    gives === 'bytes' ? next() : checked(name, { ...row, gives }, next),
  );
}

async function checked(
  name: string,
  { gives, orNothing }: { readonly gives: Shape | 'nothing' } & Pick<PeerMethod, 'orNothing'>,
  ask: () => unknown,
): Promise<unknown> {
  const answer = await ask();
  // An absent answer may arrive as null.
  if (gives === 'nothing' || (orNothing && (answer ?? undefined) === undefined)) return undefined;
  const misfit = findShapeError(gives, answer, name);
  if (misfit === undefined) return answer;
  const cause = new Error(misfit);
  throw new MedsealError('PEER_MALFORMED', { what: `answer to ${name}` }, { cause });
}
