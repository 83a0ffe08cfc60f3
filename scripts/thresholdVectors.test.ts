import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import addon from 'secp256k1/bindings.js';
import { nobleGroup } from '../src/crypto/threshold/nobleGroup.ts';
import { utf8ToBytes } from '../src/crypto/bytes.ts';
import { portablePrimitives } from '../src/crypto/portablePrimitives.ts';
import { nativeGroup } from '../src/native/nativeGroup.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../src/protocol/evidence/parseEvidenceFile.ts';
import { verifyReleaseProof } from '../src/protocol/release/verifyReleaseProof.ts';
import { domainOf } from '../src/protocol/struct/domainOf.ts';
import { failsWith } from '../src/protocol/test/failsWith.ts';
import { ROOT } from './sdkPrograms.ts';
import { thresholdVector, type ThresholdVector } from './thresholdVectors.ts';

const FILE = join(ROOT, 'docs/reference/vectors/threshold.json');
const published = JSON.parse(readFileSync(FILE, 'utf8')) as readonly ThresholdVector[];

// `engine/vectors` computes them in another language.
describe('the test vectors for threshold release', () => {
  it('are what both implementations compute', () => {
    for (const group of [nobleGroup, nativeGroup(addon)]) {
      assert.deepEqual(
        published.map(({ given }) => thresholdVector(group, given)),
        published,
      );
    }
  });

  it('have a file each that convicts a coordinator of a false share, and of nothing if another share is put in', () => {
    for (const { conviction, shares } of published) {
      const { network, proof } = conviction;
      const context = { domain: domainOf(network), primitives: portablePrimitives };
      const parsed = parseEvidenceFile(utf8ToBytes(formatEvidenceFile(proof)));
      assert.ok(parsed.kind === 'release');
      const { releases } = verifyReleaseProof(context, network, parsed.release);
      const [{ fault, organisation } = assert.fail()] = releases;
      assert.deepEqual({ fault, organisation }, { fault: 'share', organisation: 'member-1' });
      const [share = assert.fail()] = shares;
      const statements = proof.statements.map((each) => ({
        ...each,
        ...(each.share && { share: { ...each.share, share } }),
      }));
      assert.throws(
        () => verifyReleaseProof(context, network, { ...proof, statements }),
        failsWith('EVIDENCE_INVALID', { reason: 'the release is of other shares' }),
      );
    }
  });

  it('keep these values for ever', () => {
    assert.deepEqual(
      published.map(({ given: { threshold, members }, evidence }) => [
        threshold,
        members,
        evidence,
      ]),
      [
        [2, 3, '0x069bd2fa487eeaa6e994a6f62721d21ec8e6f0b383afa178e7a1ea4dcb2476af'],
        [3, 5, '0x42d7b1a2ee9ebcb70535a50aa0b22dbc6c10a8ce21873d1e2736fef81bf1aa57'],
      ],
    );
  });
});
