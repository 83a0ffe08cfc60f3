import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recoverTypedDataAddress } from 'viem';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { requestTypes } from './requestTypes.ts';
import { digestOf, sign, signerOf, verifySigned } from './signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { doctor, sampleWrite } from '../test/sampleEvidence.ts';
import { context, word } from '../test/sampleNetwork.ts';
import { patient, sampleGrant } from '../test/sampleRules.ts';

const signed = sign(context, doctor, 'Write', sampleWrite);

describe('signing', () => {
  it('gives a grant this digest, for ever: it is the grant’s key on the ledger', () => {
    assert.equal(
      digestOf(context, 'Grant', sampleGrant()),
      '0x157fb7a12313ca32597310852d1465119cdb02248c7b1b1ab85d338ad22c7952',
    );
  });

  it('signs as any Ethereum wallet would: viem recovers the signer', async () => {
    const message = sampleGrant();
    const { signature } = sign(context, patient, 'Grant', sampleGrant());
    const signer = await recoverTypedDataAddress({
      domain: context.domain,
      types: requestTypes,
      primaryType: 'Grant',
      message: {
        ...message,
        deadline: BigInt(message.deadline),
        terms: {
          ...message.terms,
          from: BigInt(message.terms.from),
          until: BigInt(message.terms.until),
        },
      },
      signature,
    });
    assert.equal(signer.toLowerCase(), patient.address);
  });

  it('lets the signer be told, and no one else be taken for it', () => {
    assert.equal(signerOf(context, 'Write', sampleWrite, signed.signature), doctor.address);
    assert.doesNotThrow(() => verifySigned(context, signed, doctor.address));
    assert.throws(
      () => verifySigned(context, signed, patient.address),
      failsWith('SIGNATURE_INVALID'),
    );
  });

  it('takes no other spelling of a signature: high s, another v, more or fewer bytes', () => {
    const bytes = hexToBytes(signed.signature);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = BigInt(bytesToHex(bytes.subarray(32, 64)));
    const high = (order - s).toString(16).padStart(64, '0');
    const v = bytes[64] ?? 0;
    const r = signed.signature.slice(0, 66);
    const other: `0x${string}`[] = [
      `${r as '0x'}${high}${(55 - v).toString(16)}`,
      `${signed.signature.slice(0, -2) as '0x'}${(v - 27).toString(16).padStart(2, '0')}`,
      `${signed.signature}00`,
      '0x',
    ];
    for (const signature of other) {
      assert.throws(
        () => verifySigned(context, { ...signed, signature }, doctor.address),
        failsWith('SIGNATURE_INVALID'),
      );
    }
  });

  it('binds a signature to its network', () => {
    const elsewhere = { ...context, domain: { ...context.domain, salt: word('another network') } };
    assert.throws(
      () => verifySigned(elsewhere, signed, doctor.address),
      failsWith('SIGNATURE_INVALID'),
    );
  });
});
