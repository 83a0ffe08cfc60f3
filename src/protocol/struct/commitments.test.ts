import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packetsHash } from '../rights/packetsHash.ts';
import { recipientHash } from '../rights/recipientHash.ts';
import { sheetLeaf, sheetsRoot } from '../rights/sheetsRoot.ts';
import { inclusionProof } from '../../crypto/merkle/inclusionProof.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import type { EpochSheet } from '../rights/epochs.ts';
import { HANDLE } from '../test/sampleEvidence.ts';
import { primitives, word } from '../test/sampleNetwork.ts';
import { ORDINARY_CATEGORIES } from '../vocabulary.ts';

const packet = (grant: string, epoch = 2) => ({ grant: word(grant), epoch, packet: 'c2VhbGVk' });

const sheet = (epoch: number): EpochSheet => ({
  format: 'medseal-sheet/1',
  handle: HANDLE,
  epoch,
  // As charts have them that are older than the category `sensitive`.
  recipients: Object.fromEntries(
    ORDINARY_CATEGORIES.map((category) => [category, `age1pq1${category}${epoch}`]),
  ),
});

describe('packetsHash', () => {
  it('is these bytes, for ever: revocations commit to it', () => {
    assert.equal(
      packetsHash(primitives, []),
      '0x4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
    );
    assert.equal(
      packetsHash(primitives, [packet('a'), packet('b')]),
      '0x56b066ada25724b80badcff4285ab8051186f3d19495f1a248c9d863901734fc',
    );
  });

  it('does not depend on the order of the packets or of their fields', () => {
    const [a, b] = [packet('a'), packet('b')];
    const turned = { packet: b.packet, epoch: b.epoch, grant: b.grant };
    assert.equal(packetsHash(primitives, [turned, a]), packetsHash(primitives, [a, b]));
  });

  it('differs with every packet, epoch and grant', () => {
    const all = [[], [packet('a')], [packet('b')], [packet('a', 3)], [packet('a'), packet('b')]];
    const hashes = all.map((packets) => packetsHash(primitives, packets));
    assert.equal(new Set(hashes).size, all.length);
  });
});

describe('sheetsRoot', () => {
  const sheets = [sheet(1), sheet(2), sheet(3)];

  it('is these bytes, for ever: patients commit to it on the ledger', () => {
    assert.equal(
      sheetsRoot(primitives, sheets),
      '0x4c32b8559fbdf12027b1f3fc6c5488ecad2fab4f674415f853aee412677f9868',
    );
  });

  it('is proven for each sheet at its place, and at no other', async () => {
    const leaves = sheets.map((each) => sheetLeaf(primitives, each));
    const tree = memoryTree(primitives, leaves);
    const root = hexToBytes(sheetsRoot(primitives, sheets));
    for (const [index, leaf] of leaves.entries()) {
      const proof = await inclusionProof(primitives, tree.readHash, index, tree.size);
      const claim = { index, size: 3, leaf, proof, root };
      assert.ok(verifyInclusion(primitives, claim));
      assert.ok(!verifyInclusion(primitives, { ...claim, index: (index + 1) % 3 }));
    }
  });
});

describe('recipientHash', () => {
  it('is these bytes, for ever: the Registry names recipients by it', () => {
    assert.equal(
      recipientHash(primitives, 'age1pq1example'),
      '0x8c1878dae5e324b78ea9085bdeffd0bda50f12ab3e05f331618f4fe1dfc9cf26',
    );
  });
});
