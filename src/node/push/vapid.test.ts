import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { vapidKey } from './vapid.ts';

const SECRET = Uint8Array.from({ length: 32 }, (_, place) => place);
const ENDPOINT = 'https://push.example/one/two?three';
const AT = 1_800_000_000;

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'base64url'));
}

describe('the token of a node for a push service', () => {
  it('is what RFC 8292 asks for, and holds by the key beside it, as another implementation verifies', async () => {
    const { publicKey, authorization } = vapidKey(SECRET);
    const header = authorization(ENDPOINT, AT, 'mailto:operator@hospital.example');
    const [, token = '', key = ''] =
      /^vapid t=([\w-]+\.[\w-]+\.[\w-]+), k=([\w-]+)$/.exec(header) ?? [];
    assert.equal(key, publicKey);
    const point = bytesOf(key);
    assert.deepEqual([point.length, point[0]], [65, 4]);
    const [head = '', claims = '', signature = ''] = token.split('.');
    assert.deepEqual(JSON.parse(Buffer.from(head, 'base64url').toString()), {
      typ: 'JWT',
      alg: 'ES256',
    });
    assert.deepEqual(JSON.parse(Buffer.from(claims, 'base64url').toString()), {
      aud: 'https://push.example',
      exp: AT + 12 * 3600,
      sub: 'mailto:operator@hospital.example',
    });
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const verifier = await crypto.subtle.importKey('raw', point, algorithm, false, ['verify']);
    const verify = async (text: string): Promise<boolean> =>
      await crypto.subtle.verify(
        algorithm,
        verifier,
        bytesOf(signature),
        new TextEncoder().encode(text),
      );
    assert.equal(bytesOf(signature).length, 64);
    assert.ok(await verify(`${head}.${claims}`));
    assert.ok(!(await verify(`${head}.${claims.slice(1)}`)));
  });

  it('comes from the same key after a restart, and from another one of another node', () => {
    assert.equal(vapidKey(SECRET).publicKey, vapidKey(SECRET.slice()).publicKey);
    assert.notEqual(vapidKey(SECRET).publicKey, vapidKey(SECRET.toReversed()).publicKey);
    assert.doesNotMatch(vapidKey(SECRET).authorization(ENDPOINT, AT), /sub/);
  });
});
