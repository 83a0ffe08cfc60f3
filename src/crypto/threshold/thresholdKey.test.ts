import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { createFROST } from '@noble/curves/abstract/frost.js';
import addon from 'secp256k1/bindings.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { joinDeals } from './joinDeals.ts';
import { nativeGroup } from '../../native/nativeGroup.ts';
import { nobleGroup } from './nobleGroup.ts';
import { scalarBytes } from './scalars.ts';
import { thresholdKeyCases } from './thresholdKey.cases.ts';
import { thresholdKeyId } from './thresholdKey.ts';
import { bytesToHex } from '../bytes.ts';

thresholdKeyCases('JavaScript', async () => await Promise.resolve(nobleGroup));
thresholdKeyCases('bitcoin-core’s library', async () => await Promise.resolve(nativeGroup(addon)));

describe('joinDeals', () => {
  it('gives the key and the shares that a FROST ceremony of others gives from the same deals (RFC 9591)', () => {
    const { Point } = secp256k1;
    const frost = createFROST({ name: 'a comparison', Point, hash: sha256 });
    const signers = { min: 2, max: 3 };
    const ids = [1, 2, 3].map((index) => frost.Identifier.fromNumber(index));
    const first = ids.map((id) => frost.DKG.round1(id, signers));
    const second = first.map(({ secret }, own) =>
      frost.DKG.round2(
        secret,
        first.flatMap((one, place) => (place === own ? [] : [one.public])),
      ),
    );
    const ceremony = { context: new Uint8Array(), threshold: 2, members: [1, 2, 3] };
    const deals = first.map(({ public: { commitment } }, place) => ({
      dealer: place + 1,
      commitments: commitment,
      proof: { commitment: new Uint8Array(), response: new Uint8Array() },
    }));
    const key = joinDeals(nobleGroup, ceremony, deals, 'founding');
    for (const [place, { secret }] of first.entries()) {
      const others = first.flatMap((one, from) => (from === place ? [] : [one.public]));
      const shares = second.flatMap((given, from) =>
        from === place ? [] : [given[ids[place] ?? '']].filter((one) => one !== undefined),
      );
      const theirs = frost.DKG.round3(secret, others, shares);
      assert.deepEqual(key.publicKey, theirs.public.commitments[0]);
      assert.deepEqual(key.members.get(place + 1), theirs.public.verifyingShares[ids[place] ?? '']);
    }
  });
});

describe('thresholdKeyId', () => {
  it('is another one for another network, channel or key, and stays for ever', () => {
    const place = { networkId: new Uint8Array(32).fill(1), channel: 'care' };
    const key = nobleGroup.base(scalarBytes(7n));
    const ids = [
      thresholdKeyId(place, key),
      thresholdKeyId({ ...place, channel: 'cares' }, key),
      thresholdKeyId({ ...place, networkId: new Uint8Array(32) }, key),
      thresholdKeyId(place, nobleGroup.base(scalarBytes(8n))),
    ].map(bytesToHex);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids[0], '0x083fcdd114267aa8dc6d2e0b755bdd25423511b79221ae4a5ec68a62df2b5b01');
  });
});
