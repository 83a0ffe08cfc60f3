import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import { bytesToHex } from '../../crypto/bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { streamBytes } from '../../crypto/sealing/streamBytes.ts';
import { evidencedRecipient } from '../../crypto/threshold/evidencedStanza.ts';
import { dealShares } from '../../node/founding/dealShares.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network as unguarded } from '../../protocol/test/sampleNetwork.ts';
import type { Party } from '../party/Party.ts';
import { sealedUnder, type SealedUnder } from './sealedUnder.ts';

const { release } = dealShares(
  primitives.group,
  ['hospital', 'laboratory', 'insurer'],
  2,
  randomBytes,
);
const channels = unguarded.channels.map((channel) => ({ ...channel, release }));
const network = { ...unguarded, channels };
const key = releaseKeyOf(network, 'care/hospital') ?? assert.fail();
let file: Buffer;

before(async () => {
  const own = await recipientOf(ageIdentity(randomBytes(32)));
  const target = { publicKey: key.publicKey, keyId: key.id, identity: new Uint8Array(40) };
  const theirs = { ...target, recipientKey: recipientKey(own) };
  const evidenced = evidencedRecipient(primitives.group, portableKem, theirs, randomBytes);
  file = Buffer.from(await sealBytes([evidenced, own], new Uint8Array(10)));
});

async function read(
  bytes: Uint8Array,
  at: NetworkFile = network,
): Promise<SealedUnder | undefined> {
  const party = { network: at, log: 'care/hospital', primitives } as unknown as Party;
  return await sealedUnder(party, streamBytes(bytes));
}

describe('the header of a sealed file', () => {
  it('names its release key, its seal and the hash of the encapsulation', async () => {
    const under = (await read(file)) ?? assert.fail();
    assert.deepEqual(under.key?.id, key.id);
    assert.equal(under.seal.length, 2 + 2 * 130);
    assert.equal(under.encapsulation, bytesToHex(primitives.sha256(under.encapsulated)));
  });

  it('names a key that the channel gave up, or none in a channel without one', async () => {
    const { release: other } = dealShares(primitives.group, ['hospital'], 1, randomBytes);
    const given = channels.map((channel) => ({ ...channel, release: other }));
    const under = (await read(file, { ...network, channels: given })) ?? assert.fail();
    assert.equal(under.key, undefined);
    assert.equal(await read(file, unguarded), undefined);
  });

  it('is refused with what to do if its seal is of an earlier version', async () => {
    const before = file.toString('latin1').replace('evidenced-2', 'evidenced-1');
    await assert.rejects(read(Buffer.from(before, 'latin1')), failsWith('SEAL_OLDER'));
  });

  it('is refused if the file is not an age file', async () => {
    await assert.rejects(read(new Uint8Array(100)), failsWith('SEAL_UNREADABLE'));
  });
});
