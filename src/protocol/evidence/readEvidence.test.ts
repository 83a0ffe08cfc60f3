import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { createEvidenceReader, readEvidenceBody } from './readEvidence.ts';
import { digestOf, sign } from '../struct/signing.ts';
import { doctor, sampleBody, sampleWrite } from '../test/sampleEvidence.ts';
import { context, signatory } from '../test/sampleNetwork.ts';

const reader = createEvidenceReader(context);
const request = sign(context, doctor, 'Write', sampleWrite);
const digest = digestOf(context, 'Write', sampleWrite);

describe('a reader of evidence', () => {
  it('says whose key signed a request, if the request proves that it is its party’s', async () => {
    const other = signatory('someone else');
    const read = await reader.requests([
      request,
      { ...request, party: other.address },
      { ...request, signature: `0x${'00'.repeat(65)}` },
      sign(context, other, 'Write', sampleWrite),
    ]);
    assert.deepEqual(read, [
      { digest, signer: doctor.address },
      { digest },
      { digest },
      { digest, signer: other.address },
    ]);
  });

  it('takes each body of an array apart for itself', async () => {
    const text = canonicalJson(sampleBody({ request }));
    const summary = canonicalJson({
      format: 'medseal-summary/1',
      log: 'care/hospital',
      at: 1,
      counts: { RIGHT_MISSING: 2 },
      salt: `0x${'01'.repeat(16)}`,
    });
    const [whole, broken, uncanonical, summed] = await reader.bodies([
      text,
      text.slice(1),
      ` ${text}`,
      summary,
    ]);
    assert.deepEqual(whole, readEvidenceBody(context, text));
    assert.ok(whole !== undefined && 'entry' in whole);
    assert.deepEqual(whole.signature, { digest, signer: doctor.address });
    assert.deepEqual(whole.entry, context.primitives.sha256(whole.bytes));
    for (const error of [broken, uncanonical]) {
      assert.ok(error instanceof MedsealError && error.code === 'REQUEST_MALFORMED');
    }
    assert.ok(summed !== undefined && 'entry' in summed && summed.signature === undefined);
  });
});
