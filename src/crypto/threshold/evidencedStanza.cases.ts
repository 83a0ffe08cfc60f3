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
import { labelOf, whoHalfOf, type Halves } from './evidencedKem.ts';
import {
  evidencedIdentity,
  evidencedRecipient,
  parseEvidencedStanza,
  unwrapEvidenced,
  type EvidencedStanza,
} from './evidencedStanza.ts';
import { extractShare } from './extractShare.ts';
import { isSealFor, readSeal } from './releaseSeal.ts';
import { scalarBytes } from './scalars.ts';
import type { GroupPort } from './GroupPort.ts';
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
  load: () => Promise<GroupPort>,
  loadOther: () => Promise<GroupPort>,
): void {
  describe(`a file sealed for both halves over ${name}`, async () => {
    const [group, other] = [await load(), await loadOther()];
    const { key, secrets } = sampleKey(group, randomBytes);
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
      const evidenced = evidencedRecipient(group, portableKem, target, randomBytes);
      return await sealBytes([evidenced, await recipientOf(patient)], PLAINTEXT);
    };
    const released = (
      { seal }: Pick<EvidencedStanza, 'seal'>,
      version: Uint8Array,
      members = [1, 2],
      held = secrets,
      arithmetic = group,
    ): Uint8Array =>
      combineShares(
        arithmetic,
        members.map((index) => {
          const memberKey = key.members.get(index) ?? new Uint8Array();
          const { point } = readSeal(seal);
          const of = { keyId, identity: version, point, index, memberKey };
          const secret = scalarBytes(held.get(index) ?? 1n);
          return { index, share: extractShare(arithmetic, of, secret, randomBytes) };
        }),
      );
    const halvesFor = (stanza: EvidencedStanza, version: Uint8Array, own = seed): Halves => {
      const secret = portableKem.decapsulate(own, stanza.encapsulated);
      return {
        who: whoHalfOf(secret, stanza.encapsulated, version),
        evidence: released(stanza, version),
      };
    };
    const openerOf = (
      version: Uint8Array,
      evidenceOf = (stanza: EvidencedStanza): Uint8Array => released(stanza, version),
      own = seed,
    ): Opener =>
      evidencedIdentity(version, (stanza) => [
        { ...halvesFor(stanza, version, own), evidence: evidenceOf(stanza) },
      ]);
    const file = await sealFor(identity);
    it('opens with both halves, also over the other implementation', async () => {
      assert.deepEqual(await openBytes([openerOf(identity)], file), PLAINTEXT);
      const opener = openerOf(identity, (stanza) =>
        released(stanza, identity, [2, 3], secrets, other),
      );
      assert.deepEqual(await openBytes([opener], file), PLAINTEXT);
    });

    it('opens with the patient’s own identity alone', async () => {
      assert.deepEqual(await openBytes([patient], file), PLAINTEXT);
    });

    it('does not open with one half, whichever it is', async () => {
      await assert.rejects(openBytes([ageIdentity(seed)], file), UNREADABLE);
      const few = openerOf(identity, (stanza) => released(stanza, identity, [1]));
      await assert.rejects(openBytes([few], file), UNREADABLE);
      const foreign = openerOf(identity, undefined, randomBytes(32));
      await assert.rejects(openBytes([foreign], file), UNREADABLE);
    });

    it('does not open with what was released for another version or another file', async () => {
      const [elsewhere] = await stanzasOf(await sealFor(identity));
      const theirs = parseEvidencedStanza(elsewhere as Stanza);
      const other = openerOf(identity, () => released(theirs, identity));
      await assert.rejects(openBytes([other], file), UNREADABLE);
      await assert.rejects(openBytes([openerOf(next)], file), UNREADABLE);
    });

    it('is not opened by another key’s coordinators', async () => {
      const stranger = sampleKey(group, randomBytes);
      const opener = openerOf(identity, (stanza) =>
        released(stanza, identity, [1, 2], stranger.secrets),
      );
      await assert.rejects(openBytes([opener], file), UNREADABLE);
    });

    it('has a stanza that names the key, and one that only its patient opens', async () => {
      const [evidenced, own, ...more] = await stanzasOf(file);
      assert.equal(more.length, 0);
      assert.equal(own?.args[0], 'mlkem768x25519');
      const parsed = parseEvidencedStanza(evidenced as Stanza);
      assert.deepEqual(parsed.keyId, keyId.subarray(0, 16));
      assert.equal(parsed.encapsulated.length, 1_120);
      const label = labelOf(keyId, identity, parsed.encapsulated);
      assert.equal(isSealFor(group, label, parsed.seal), true);
      assert.equal(isSealFor(other, label, parsed.seal), true);
    });

    it('wraps nothing that a transplanted stanza, another encapsulation or another seal would open', async () => {
      const [stanza] = await stanzasOf(file);
      const [foreign] = await stanzasOf(await sealFor(next));
      const [mine, theirs] = [stanza, foreign].map((one) => parseEvidencedStanza(one as Stanza));
      assert.ok(mine !== undefined && theirs !== undefined);
      const halves = halvesFor(mine, identity);
      assert.equal(unwrapEvidenced(mine, identity, halves)?.length, 16);
      const { encapsulated, seal } = theirs;
      for (const altered of [
        theirs,
        { ...mine, seal },
        { ...mine, encapsulated },
        { ...mine, body: theirs.body },
      ]) {
        assert.equal(unwrapEvidenced(altered, identity, halvesFor(altered, identity)), undefined);
        assert.equal(unwrapEvidenced(altered, identity, halves), undefined);
      }
      assert.equal(unwrapEvidenced(mine, next, halves), undefined);
    });

    it('is refused if a part has another length', async () => {
      const [stanza] = await stanzasOf(file);
      const { args, body } = stanza as Stanza;
      const [type = '', id = '', share = '', seal = ''] = args;
      for (const bad of [
        { args: ['mlkem768x25519', id, share, seal], body },
        { args: ['medseal.org/evidenced-1', id, share, seal], body },
        { args: [type, id, share], body },
        { args: [type, id, share, seal, seal], body },
        { args: [type, id.slice(1), share, seal], body },
        { args: [type, id, share.slice(1), seal], body },
        { args: [type, id, share, seal.slice(4)], body },
        { args: [type, id, share, `!${seal.slice(1)}`], body },
        { args: [type, id, share, seal], body: body.subarray(1) },
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
