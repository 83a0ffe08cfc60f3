import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TypedDataEncoder, Wallet } from 'ethers';
import { format, resolveConfig } from 'prettier';
import { portablePrimitives } from '../src/crypto/portablePrimitives.ts';
import { createNativePrimitives } from '../src/native/nativePrimitives.ts';
import { ROOT } from './sdkPrograms.ts';
import { signingVectors, type SigningVectors } from './signingVectors.ts';

const FILE = join(ROOT, 'docs/reference/vectors/signing.json');
const published = JSON.parse(readFileSync(FILE, 'utf8')) as SigningVectors;

describe('the test vectors for signing', () => {
  it('stand in docs/reference/vectors/signing.json, and both primitives give them', async (t) => {
    const made = signingVectors(portablePrimitives);
    assert.deepEqual(signingVectors(await createNativePrimitives()), made);
    const options = { ...(await resolveConfig(FILE)), parser: 'json', plugins: [] };
    const text = await format(JSON.stringify(made), options);
    t.assert.fileSnapshot(text, FILE, { serializers: [String] });
  });

  it('keep these digests for ever', () => {
    const digest = (of: string): string | undefined =>
      published.vectors.find(({ type }) => type === of)?.digest;
    assert.equal(published.vectors.length, 63);
    assert.equal(
      published.domainSeparator,
      '0xf3c56901a5f034808526b7a4fc38dd7aaea51612b7ea71dc0433ef3243be6310',
    );
    assert.equal(
      digest('View'),
      '0x6f6d332580a6d42900fc939218cc43e58f7cdf7628f082b7523be3efd13e6696',
    );
    assert.equal(
      digest('KeptView'),
      '0x991eed216f01a36f2e107cceed623372e312613539f14cdfb2646e2e8c575945',
    );
    assert.equal(
      digest('ViewSet'),
      '0x5c9fd7bb212af0316b1d19ee6e20b5ced7eb6064e8a734b064d80124dfd6d4d9',
    );
    assert.equal(
      digest('Grant'),
      '0xd9daa8a6d402b829dc4e7a1134c9af4e96bb538d028beb1aca20136a66ca777b',
    );
  });

  it('are what a wallet that others wrote computes and signs', async () => {
    const { privateKey, address, domain, domainSeparator, types, vectors } = published;
    const wallet = new Wallet(privateKey);
    assert.equal(wallet.address.toLowerCase(), address);
    assert.equal(TypedDataEncoder.hashDomain(domain), domainSeparator);
    for (const { type, encoded, message, digest, signature } of vectors) {
      const used = Object.fromEntries(
        Object.entries(types)
          .filter(([name]) => name === type || encoded.includes(`)${name}(`))
          .map(([name, fields]) => [name, [...fields]]),
      );
      assert.equal(TypedDataEncoder.from(used).encodeType(type), encoded);
      assert.equal(TypedDataEncoder.hash(domain, used, message), digest, type);
      assert.equal(await wallet.signTypedData(domain, used, message), signature, type);
    }
  });
});
