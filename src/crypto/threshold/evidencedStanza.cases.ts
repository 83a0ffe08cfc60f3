import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import type { Stanza } from 'age-encryption';
import { utf8ToBytes } from '../bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../keys/ageIdentity.ts';
import { headerLength, type Opener } from '../sealing/ageHeader.ts';
import { openBytes } from '../sealing/openBytes.ts';
import { portableKem } from '../sealing/portableKem.ts';
import { readStanzas } from '../sealing/readStanzas.ts';
import { sealBytes } from '../sealing/sealBytes.ts';
import { combineShares } from './combineShares.ts';
import { whoHalfOf, type Halves } from './evidencedKem.ts';
import {
  evidencedIdentity,
  evidencedRecipient,
  parseEvidencedStanza,
  unwrapEvidenced,
} from './evidencedStanza.ts';
import { extractShare } from './extractShare.ts';
import type { PairingPort } from './PairingPort.ts';
import { recordIdentity } from './recordIdentity.ts';
import { thresholdKeyId } from './thresholdKey.ts';
import { sampleKey } from './test/sampleKey.ts';

const PLAINTEXT = utf8ToBytes('a blood count');
const PLACE = { networkId: new Uint8Array(32).fill(1), channel: 'care' };
const MALFORMED = { code: 'REQUEST_MALFORMED' };
const UNREADABLE = { code: 'SEAL_UNREADABLE' };

/**
 * The cases of sealing for both halves, over every implementation of the port.
 *
 * @param name - Name of the implementation.
 * @param load - Gives it.
 * @param loadOther - Another implementation, which opens what the first one sealed.
 */
export function evidencedStanzaCases(
  name: string,
  load: () => Promise<PairingPort>,
  loadOther: () => Promise<PairingPort>,
): void {
  describe(`a file sealed for both halves over ${name}`, async () => {
    const [pairing, other] = [await load(), await loadOther()];
    const { key, secrets } = sampleKey(pairing, randomBytes);
    const keyId = thresholdKeyId(PLACE, key.publicKey);
    const versionOf = (version: number): Uint8Array =>
      recordIdentity({
        ...PLACE,
        keyId,
        handle: new Uint8Array(32).fill(2),
        record: new Uint8Array(32).fill(3),
        version,
      });
    const [identity, next] = [versionOf(1), versionOf(2)];
    const seed = randomBytes(32);
    const recipient = await recipientOf(ageIdentity(seed));
    const patient = ageIdentity(randomBytes(32));
    const sealFor = async (version: Uint8Array): Promise<Uint8Array> => {
      const target = {
        recipientKey: recipientKey(recipient),
        publicKey: key.publicKey,
        identity: version,
        keyId,
      };
      const evidenced = evidencedRecipient(pairing, portableKem, target);
      return await sealBytes([evidenced, await recipientOf(patient)], PLAINTEXT);
    };
    const evidence = (version: Uint8Array, members = [1, 2]): Uint8Array =>
      combineShares(
        pairing,
        members.map((index) => ({
          index,
          share: extractShare(pairing, secrets.get(index) ?? 0n, version),
        })),
      );
    const openerOf = (
      version: Uint8Array,
      released: Uint8Array,
      options: { pairing?: PairingPort; seed?: Uint8Array } = {},
    ): Opener =>
      evidencedIdentity(options.pairing ?? pairing, version, ({ encapsulated }) => {
        const secret = portableKem.decapsulate(options.seed ?? seed, encapsulated);
        return [{ who: whoHalfOf(secret, encapsulated, version), evidence: released }];
      });
    const halvesFor = (version: Uint8Array, encapsulated: Uint8Array): Halves => {
      const secret = portableKem.decapsulate(seed, encapsulated);
      return {
        who: whoHalfOf(secret, encapsulated, version),
        evidence: evidence(version),
      };
    };
    const file = await sealFor(identity);
    it('opens with both halves, also over the other implementation', async () => {
      const released = evidence(identity);
      assert.deepEqual(await openBytes([openerOf(identity, released)], file), PLAINTEXT);
      const opener = openerOf(identity, evidence(identity, [2, 3]), { pairing: other });
      assert.deepEqual(await openBytes([opener], file), PLAINTEXT);
    });

    it('opens with the patient’s own identity alone', async () => {
      assert.deepEqual(await openBytes([patient], file), PLAINTEXT);
    });

    it('does not open with one half, whichever it is', async () => {
      await assert.rejects(openBytes([ageIdentity(seed)], file), UNREADABLE);
      const few = combineShares(pairing, [
        { index: 1, share: extractShare(pairing, secrets.get(1) ?? 0n, identity) },
      ]);
      await assert.rejects(openBytes([openerOf(identity, few)], file), UNREADABLE);
      const foreign = openerOf(identity, evidence(identity), { seed: randomBytes(32) });
      await assert.rejects(openBytes([foreign], file), UNREADABLE);
    });

    it('does not open with what was released for another version', async () => {
      await assert.rejects(openBytes([openerOf(identity, evidence(next))], file), UNREADABLE);
      await assert.rejects(openBytes([openerOf(next, evidence(next))], file), UNREADABLE);
      await assert.rejects(openBytes([openerOf(next, evidence(identity))], file), UNREADABLE);
    });

    it('is not opened by another key’s coordinators', async () => {
      const stranger = sampleKey(pairing, randomBytes);
      const released = combineShares(
        pairing,
        [1, 2].map((index) => ({
          index,
          share: extractShare(pairing, stranger.secrets.get(index) ?? 0n, identity),
        })),
      );
      await assert.rejects(openBytes([openerOf(identity, released)], file), UNREADABLE);
    });

    it('has a stanza that names the key, and one that only its patient opens', async () => {
      const [evidenced, own, ...more] = await stanzasOf(file);
      assert.equal(more.length, 0);
      assert.equal(own?.args[0], 'mlkem768x25519');
      const parsed = parseEvidencedStanza(evidenced as Stanza);
      assert.deepEqual(parsed.keyId, keyId.subarray(0, 16));
      assert.equal(parsed.encapsulated.length, 1_120);
      assert.equal(parsed.point.length, 96);
    });

    it('wraps nothing that a transplanted stanza, another encapsulation or another point would open', async () => {
      const [stanza] = await stanzasOf(file);
      const [foreign] = await stanzasOf(await sealFor(next));
      const [mine, theirs] = [stanza, foreign].map((one) => parseEvidencedStanza(one as Stanza));
      assert.ok(mine !== undefined && theirs !== undefined);
      const halves = halvesFor(identity, mine.encapsulated);
      assert.equal((await unwrapEvidenced(pairing, mine, identity, halves))?.length, 16);
      const { encapsulated, point } = theirs;
      for (const altered of [
        theirs,
        { ...mine, point },
        { ...mine, encapsulated },
        { ...mine, body: theirs.body },
      ]) {
        const own = halvesFor(identity, altered.encapsulated);
        assert.equal(await unwrapEvidenced(pairing, altered, identity, own), undefined);
        assert.equal(await unwrapEvidenced(pairing, altered, identity, halves), undefined);
      }
      assert.equal(await unwrapEvidenced(pairing, mine, next, halves), undefined);
    });

    it('is refused if its point is at infinity or outside the group, or a part has another length', async () => {
      const [stanza] = await stanzasOf(file);
      const mine = parseEvidencedStanza(stanza as Stanza);
      const infinity = new Uint8Array(96);
      infinity[0] = 0xc0;
      const secret = portableKem.decapsulate(seed, mine.encapsulated);
      const halves = {
        who: whoHalfOf(secret, mine.encapsulated, identity),
        evidence: evidence(identity),
      };
      for (const point of [infinity, new Uint8Array(96), mine.point.subarray(1)]) {
        await assert.rejects(
          unwrapEvidenced(pairing, { ...mine, point }, identity, halves),
          MALFORMED,
        );
      }
      const { args, body } = stanza as Stanza;
      const [type = '', id = '', share = '', point = ''] = args;
      for (const bad of [
        { args: ['mlkem768x25519', id, share, point], body },
        { args: [type, id, share], body },
        { args: [type, id, share, point, point], body },
        { args: [type, id.slice(1), share, point], body },
        { args: [type, id, share.slice(1), point], body },
        { args: [type, id, share, point.slice(4)], body },
        { args: [type, id, share, `!${point.slice(1)}`], body },
        { args: [type, id, share, point], body: body.subarray(1) },
        { args: [], body },
      ]) {
        assert.throws(() => parseEvidencedStanza(bad), MALFORMED);
      }
    });
  });
}

async function stanzasOf(sealed: Uint8Array): Promise<readonly Stanza[]> {
  return await readStanzas(sealed.subarray(0, headerLength(sealed)));
}
