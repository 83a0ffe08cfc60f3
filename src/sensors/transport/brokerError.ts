import { MedsealError } from '../../errors/MedsealError.ts';

/** Faults of a broker's certificate, by the code of Node. */
const UNTRUSTED: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'no authority signed it',
  SELF_SIGNED_CERT_IN_CHAIN: 'another authority signed it',
  UNABLE_TO_GET_ISSUER_CERT: 'another authority signed it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'another authority signed it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'another authority signed it',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
};
/** Alerts with which a broker refuses a certificate, as OpenSSL spells them. */
const ALERT = /^ERR_SSL_(?:.*_)?ALERT_(?<alert>\w+)$/;
/** Answers to a sign-in that are refusals, by number: of MQTT 3.1.1, and of MQTT 5. */
const REFUSED: ReadonlySet<number> = new Set([4, 5, 134, 135, 138, 140]);

/**
 * Makes the error of a connection to a broker that failed: whose certificate is wrong, or that nobody answers.
 *
 * @param url - Address of the broker.
 * @param cause - Error of the connection.
 * @returns `PEER_UNTRUSTED` for the broker's certificate, `PEER_REFUSES` for the gateway's or its sign-in, else
 * `PEER_UNREACHABLE`.
 */
export function brokerError(url: string, cause: unknown): MedsealError {
  const { host: peer } = new URL(url);
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  const untrusted = typeof code === 'string' ? UNTRUSTED[code] : undefined;
  if (untrusted !== undefined) {
    return new MedsealError('PEER_UNTRUSTED', { peer, reason: untrusted }, { cause });
  }
  const alert = typeof code === 'string' ? ALERT.exec(code)?.groups?.['alert'] : undefined;
  if (alert !== undefined) {
    const words = alert.toLowerCase().replaceAll('_', ' ');
    return new MedsealError('PEER_REFUSES', { peer, reason: `TLS, ${words}` }, { cause });
  }
  if (typeof code === 'number' && REFUSED.has(code)) {
    const reason = 'it does not know this name with this password, or does not let it in';
    return new MedsealError('PEER_REFUSES', { peer, reason }, { cause });
  }
  return new MedsealError('PEER_UNREACHABLE', { peer }, { cause });
}
