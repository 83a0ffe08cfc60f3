import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { TlsDoor } from '../../http/acceptTls.ts';
import type { Clock } from '../../protocol/Clock.ts';

/** Key and certificates of a door, in PEM. */
export interface DoorKeys {
  readonly cert: string;
  readonly key: string;
  /** Authorities, one of which must have signed a device's certificate itself; any device is let in if absent. */
  readonly ca?: string;
}

/**
 * Makes the TLS of a door for devices.
 *
 * @param keys - Its key and certificates.
 * @param clock - The time.
 */
export function tlsDoorOf({ ca, ...own }: DoorKeys, clock: Pick<Clock, 'now'>): TlsDoor {
  const pems = ca?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  const authorities = (pems ?? []).map((pem) => new X509Certificate(pem));
  const isValid = (certificate: X509Certificate | undefined): boolean => {
    if (certificate === undefined) return false;
    const { validFromDate, validToDate } = certificate;
    if (clock.now() < validFromDate.getTime() || clock.now() > validToDate.getTime()) return false;
    return authorities.some(
      (authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
    );
  };
  return {
    context: createSecureContext({ ...own, ...(ca !== undefined && { ca }) }),
    admits: (socket) => ca === undefined || isValid(socket.getPeerX509Certificate()),
    isOpen: true,
  };
}
