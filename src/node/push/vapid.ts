import { createECDH, createPrivateKey, hkdfSync, sign, type KeyObject } from 'node:crypto';

/** Seconds for which a token is good: RFC 8292 allows a day. */
const LASTS = 12 * 3600;
/** The order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The key by which push services know a node (VAPID, RFC 8292). */
export interface VapidKey {
  /** Uncompressed point of P-256, in base64url. */
  readonly publicKey: string;
  /**
   * Returns the header that authenticates a push.
   *
   * @param endpoint - Address of the browser at the push service.
   * @param at - Unix seconds.
   * @param contact - `mailto:` or `https:` address of the operator; absent if it names none.
   */
  readonly authorization: (endpoint: string, at: number, contact?: string) => string;
}

/**
 * Derives the key from a secret of the node, so that there is no further secret to keep, to back up and to lose.
 *
 * @param secret - 32 bytes.
 */
export function vapidKey(secret: Uint8Array): VapidKey {
  const wide = Buffer.from(hkdfSync('sha256', secret, '', 'medseal web push p-256', 48));
  const scalar = (BigInt(`0x${wide.toString('hex')}`) % (ORDER - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: d.toString('base64url'),
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const publicKey = point.toString('base64url');
  return {
    publicKey,
    authorization(endpoint, at, contact) {
      const claims = {
        aud: new URL(endpoint).origin,
        exp: at + LASTS,
        ...(contact !== undefined && { sub: contact }),
      };
      return `vapid t=${token(key, claims)}, k=${publicKey}`;
    },
  };
}

/** A JSON Web Token that is signed by ES256. */
function token(key: KeyObject, claims: object): string {
  const parts = [{ typ: 'JWT', alg: 'ES256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = parts.join('.');
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
