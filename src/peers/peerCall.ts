import { bytesToHex } from '../crypto/bytes.ts';
import type { Random } from '../crypto/Random.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { PeerCall } from '../protocol/struct/requests.ts';
import { sign, type SigningContext } from '../protocol/struct/signing.ts';
import type { AccountKey } from '../folder/organisationKeys.ts';

/** Key and ports for signing a call. */
export interface PeerCaller extends SigningContext {
  /** The key of the caller's coordinator. */
  readonly key: AccountKey;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}

/**
 * Signs a call of another organisation's service.
 *
 * @param caller - The key, and the ports.
 * @param call - Caller, receiver, path, and the body in bytes.
 * @returns The `Authorization` header: `Peer` and the JSON of the signed call in base64url.
 */
export function signPeerCall(
  caller: PeerCaller,
  call: Pick<PeerCall, 'caller' | 'receiver' | 'method' | 'path'> & {
    readonly content: Uint8Array;
  },
): string {
  const { content, ...head } = call;
  const signed = sign(caller, caller.key, 'PeerCall', {
    ...head,
    body: bytesToHex(caller.primitives.sha256(content)),
    at: caller.clock.now(),
    nonce: bytesToHex(caller.random(16)),
  });
  return `Peer ${Buffer.from(JSON.stringify(signed)).toString('base64url')}`;
}

/**
 * Parses the header of a call.
 *
 * @param header - The header, not trusted.
 * @returns The JSON in it, whatever it is.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function decodePeerCall(header: string): unknown {
  const [, encoded = ''] = /^Peer ([\w-]{1,4096})$/.exec(header) ?? [];
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'authorization' }, { cause });
  }
}
