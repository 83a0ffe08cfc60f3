import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { nativeCipher } from '../../native/nativeCipher.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import type { Keyring, Packet } from '../../protocol/rights/epochs.ts';
import { sampleGrant } from '../../protocol/test/sampleRules.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { openSealed } from '../records/openSealed.ts';
import type { Party } from '../party/Party.ts';
import type { PatientState } from '../state/PatientState.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';
import { sealPacket } from './sealPacket.ts';

const handle = word('handle');
const identity = ageIdentity(new Uint8Array(32).fill(3));
const grantee = { keys: { identity: () => identity }, cipher: nativeCipher } as Party;
const patient = { cipher: nativeCipher } as Party;
let recipient: string;
before(async () => {
  recipient = await recipientOf(identity);
});

/** A keyring as a device has it that was prepared for so many epochs, a few at a time. */
function keyringFor(epochs: number): Keyring {
  const keys: Record<string, Keyring['keys'][string]> = {};
  for (let last = 128; last - 128 < epochs; last += 128) keys[last] = keysOfSpan(last % 199);
  return { format: 'medseal-keyring/2', handle, prepared: epochs, keys };
}

async function sealed(epoch: number, categories: readonly Category[]): Promise<DepositedPacket> {
  const state = { handle, keyring: keyringFor(epoch) } as PatientState;
  const known = { grant: sampleGrant({ categories }, handle), digest: word('grant') };
  return await sealPacket(patient, state, known, { epoch, recipient });
}

describe('a packet', () => {
  // Bytes of the file, for all 17 categories.
  for (const [epoch, size] of [
    [1, 3360],
    [10, 3362],
    [100, 3364],
    [1000, 14_363],
  ] as const) {
    it(`has ${size} bytes in epoch ${epoch}`, async () => {
      const { packet } = await sealed(epoch, CATEGORIES);
      assert.equal(base64.decode(packet).length, size);
    });
  }

  it('holds the key of its epoch, and of the last of each span before, of the granted categories alone', async () => {
    const { packet } = await sealed(300, ['vitals', 'imaging']);
    const { identities } = await openSealed<Packet>(grantee, handle, packet);
    assert.deepEqual(Object.keys(identities), ['128', '256', '300']);
    for (const opened of Object.values(identities)) {
      assert.deepEqual(Object.keys(opened).toSorted(), ['imaging', 'vitals']);
    }
  });

  it('holds nothing before the first epoch', async () => {
    const { packet } = await sealed(0, CATEGORIES);
    assert.deepEqual((await openSealed<Packet>(grantee, handle, packet)).identities, {});
  });
});
