import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressOf } from './addressOf.ts';
import { hexToBytes, utf8ToBytes } from './bytes.ts';
import { portablePrimitives as primitives } from './portablePrimitives.ts';
import { recoverAddress } from './recoverAddress.ts';

/** Known accounts: the one of EIP-712's example, that of web3.js's documentation, and Hardhat's first. */
const ACCOUNTS = [
  [
    '0xc85ef7d79691fe79573b1a7064c19c1a9819ebdbd1faaab1a8ec92344438aaf4',
    '0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826',
  ],
  [
    '0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318',
    '0x2c7536e3605d9c16a7a3d7b1898e529396a65c23',
  ],
  [
    '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
  ],
] as const;

describe('addressOf', () => {
  it('gives the address that Ethereum knows the key by', () => {
    for (const [secret, address] of ACCOUNTS) {
      assert.equal(addressOf(primitives, primitives.publicKey(hexToBytes(secret))), address);
    }
  });

  it('refuses a key of another form', () => {
    const key = primitives.publicKey(hexToBytes(ACCOUNTS[0][0]));
    for (const wrong of [new Uint8Array(), key.subarray(1), key.with(0, 2), key.subarray(0, 33)]) {
      assert.throws(() => addressOf(primitives, wrong), { code: 'REQUEST_MALFORMED' });
    }
  });
});

describe('recoverAddress', () => {
  it("gives the signer of EIP-712's example", () => {
    const digest = hexToBytes('0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2');
    const signature = hexToBytes(
      '0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d' +
        '07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c',
    );
    assert.equal(recoverAddress(primitives, digest, signature), ACCOUNTS[0][1]);
    assert.notEqual(recoverAddress(primitives, digest.with(0, 0), signature), ACCOUNTS[0][1]);
  });

  it('refuses what no key signed', () => {
    const digest = primitives.sha256(utf8ToBytes('digest'));
    assert.throws(() => recoverAddress(primitives, digest, new Uint8Array(65)), {
      code: 'SIGNATURE_INVALID',
    });
  });
});
