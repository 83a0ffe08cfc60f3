import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { makeCertificate } from './makeCertificate.ts';

const seed = hexToBytes(word('tls key of the hospital'));

function publicKeyOf(key: ReturnType<typeof createPublicKey>): string {
  return bytesToHex(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'));
}

describe('a certificate', () => {
  const { key, cert } = makeCertificate(seed, 'hospital');
  const certificate = new X509Certificate(cert);

  it('is for the key of the seed, signed by it, and for nobody’s key besides', () => {
    const expected = bytesToHex(notePublicKey(seed));
    assert.equal(publicKeyOf(certificate.publicKey), expected);
    assert.equal(publicKeyOf(createPublicKey(createPrivateKey(key))), expected);
    assert.ok(certificate.checkPrivateKey(createPrivateKey(key)));
    assert.ok(certificate.verify(certificate.publicKey));
    const other = new X509Certificate(makeCertificate(hexToBytes(word('other')), 'hospital').cert);
    assert.equal(certificate.verify(other.publicKey), false);
    assert.equal(
      certificate.checkPrivateKey(
        createPrivateKey(makeCertificate(hexToBytes(word('other')), 'x').key),
      ),
      false,
    );
  });

  it('names the organisation, has no end, and cannot certify others', () => {
    assert.equal(certificate.subject, 'CN=hospital');
    assert.equal(certificate.issuer, 'CN=hospital');
    assert.equal(certificate.ca, false);
    assert.equal(certificate.validFromDate.toISOString(), '1970-01-01T00:00:00.000Z');
    assert.equal(certificate.validToDate.toISOString(), '9999-12-31T23:59:59.000Z');
  });

  it('is the same whenever it is made, so that none is stored', () => {
    assert.equal(makeCertificate(seed, 'hospital').cert, cert);
  });

  it('is well-formed for names of every length that an organisation may have', () => {
    for (const name of ['a', 'ab-9', 'x'.repeat(31)]) {
      const made = new X509Certificate(makeCertificate(seed, name).cert);
      assert.equal(made.subject, `CN=${name}`);
      assert.ok(made.verify(made.publicKey));
    }
  });

  it('ends when it is told to', () => {
    const made = makeCertificate(seed, 'hospital', ['20200101000000Z', '20500101000000Z']);
    const { validFromDate, validToDate } = new X509Certificate(made.cert);
    assert.equal(validFromDate.toISOString(), '2020-01-01T00:00:00.000Z');
    assert.equal(validToDate.toISOString(), '2050-01-01T00:00:00.000Z');
  });
});
