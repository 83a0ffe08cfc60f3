import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { portableSha256 } from '../../crypto/portableSha256.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { doctor, sampleBody, sampleView } from '../../protocol/test/sampleEvidence.ts';
import { context, primitives } from '../../protocol/test/sampleNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { verifySealedFile } from './verifySealedFile.ts';

const at = { createSha256: portableSha256 };
const sealed = utf8ToBytes('a sealed file');
const named = { file: bytesToHex(primitives.sha256(sealed)), size: sealed.length };

describe('a sealed file', () => {
  it('is verified in whatever parts it comes, if the entry names it', async () => {
    const body = sampleBody({}, named);
    for (const parts of [[sealed], [sealed.slice(0, 5), sealed.slice(5)]]) {
      await verifySealedFile(at, body, parts);
    }
  });

  it('is refused with another size, or with another content of that size', async () => {
    for (const [bytes, reason] of [
      [utf8ToBytes('a sealed fil'), 'the sealed file has 12 bytes, the entry says 13'],
      [utf8ToBytes('a sealed pile'), 'the sealed file has another hash'],
    ] as const) {
      const verified = verifySealedFile(at, sampleBody({}, named), [bytes]);
      await assert.rejects(verified, failsWith('EVIDENCE_INVALID', { reason }));
    }
  });

  it('is refused beside an entry that is not an accepted write', async () => {
    const reason = 'the entry is not an accepted write of a record';
    const others: readonly Partial<Body>[] = [
      { flag: 'R' },
      { request: sign(context, doctor, 'View', sampleView) },
    ];
    for (const other of others) {
      const verified = verifySealedFile(at, sampleBody(other, named), [sealed]);
      await assert.rejects(verified, failsWith('EVIDENCE_INVALID', { reason }));
    }
  });
});
