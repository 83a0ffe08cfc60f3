import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type { Receipt } from './evidence.ts';
import { failsWith } from '../test/failsWith.ts';
import { acknowledged, receiptOf, sampleBody } from '../test/sampleEvidence.ts';
import { context, network, word } from '../test/sampleNetwork.ts';
import { verifyReceipt } from './verifyReceipt.ts';

const bodies = Array.from({ length: 5 }, (_, place) => sampleBody({ at: 1_800_000_000 + place }));
const entries = await acknowledged(bodies);
const receipt = await receiptOf(entries, 2);
const other = await receiptOf(entries.slice(0, 4), 2);

const verify = (value: unknown): unknown => verifyReceipt(context, network, value as Receipt);

const strict = (value: unknown): unknown =>
  verifyReceipt(context, network, value as Receipt, { strict: true });

describe('verifyReceipt', () => {
  it('gives the body of every entry that the checkpoint holds', async () => {
    for (const place of bodies.keys()) {
      assert.deepEqual(verify(await receiptOf(entries, place)), bodies[place]);
    }
  });

  const { acknowledgement, checkpoint, ledger } = receipt;
  const unsigned = { ...ledger, note: checkpoint.note };
  const wrong: [string, unknown][] = [
    ['nothing', null],
    ['another format', { ...receipt, format: 'medseal-receipt/2' }],
    ['no acknowledgement', { ...receipt, acknowledgement: undefined }],
    ['no checkpoint', { ...receipt, checkpoint: undefined }],
    ['another place', { ...receipt, acknowledgement: { ...acknowledgement, index: 3 } }],
    ['a place as a text', { ...receipt, acknowledgement: { ...acknowledgement, index: '2' } }],
    ['another entry', { ...receipt, acknowledgement: { ...acknowledgement, entry: word('x') } }],
    [
      'another body',
      { ...receipt, acknowledgement: { ...acknowledgement, body: entries[0]?.body } },
    ],
    ['no verdicts', { ...receipt, acknowledgement: { ...acknowledgement, verdicts: [] } }],
    ['another entry’s acknowledgement', { ...receipt, acknowledgement: entries[3] }],
    ['the checkpoint of another size', { ...receipt, checkpoint: other.checkpoint }],
    [
      'a checkpoint of another log',
      { ...receipt, checkpoint: { ...checkpoint, log: 'care/insurer' } },
    ],
    [
      'a checkpoint without signatures',
      { ...receipt, checkpoint: { ...checkpoint, signatures: [] } },
    ],
    ['the proof for another size', { ...receipt, inclusion: other.inclusion }],
    ['no proof', { ...receipt, inclusion: [] }],
    ['a proof with a hash more', { ...receipt, inclusion: [...receipt.inclusion, word('x')] }],
    ['a proof that is not a list', { ...receipt, inclusion: 'x' }],
    ['a proof of numbers', { ...receipt, inclusion: [1, 2, 3] }],
    ['another transaction', { ...receipt, ledger: { ...ledger, transaction: word('x') } }],
    ['another block', { ...receipt, ledger: { ...ledger, block: 10 } }],
    ['a place on the ledger that the log did not sign', { ...receipt, ledger: unsigned }],
    ['a place that was signed for another checkpoint', { ...receipt, ledger: other.ledger }],
    ['no place on the ledger', { ...receipt, ledger: undefined }],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(() => verify(value), failsWith('EVIDENCE_INVALID'));
    });
  }

  it('where it is strict, wants every signature to hold', () => {
    const bad = `0x${'11'.repeat(65)}`;
    const [first, ...others] = checkpoint.signatures;
    const signatures = [{ ...first, signature: bad }, ...others];
    const [verdict, ...verdicts] = acknowledgement.verdicts;
    const spoilt = { ...acknowledgement, verdicts: [{ ...verdict, signature: bad }, ...verdicts] };
    assert.doesNotThrow(() => strict(receipt));
    for (const value of [
      { ...receipt, checkpoint: { ...checkpoint, signatures } },
      { ...receipt, acknowledgement: spoilt },
    ]) {
      assert.doesNotThrow(() => verify(value));
      assert.throws(() => strict(value), failsWith('EVIDENCE_INVALID'));
    }
  });

  it('is refused with any character altered, or says the same as before', () => {
    const text = JSON.stringify(receipt);
    const character = fc.oneof(
      fc.constantFrom(...'0123456789abcdefAF",:{}[]'.split('')),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(text.length - 1), character, (place, instead) => {
        const altered = text.slice(0, place) + instead + text.slice(place + 1);
        let value: unknown;
        try {
          value = JSON.parse(altered);
        } catch {
          return;
        }
        try {
          assert.equal(canonicalJson(verify(value)), acknowledgement.body);
        } catch (error) {
          assert.ok(isMedsealError(error, 'EVIDENCE_INVALID'), String(error));
          refused += 1;
          return;
        }
        // A changed receipt that still verifies is for the same place of the same log.
        const kept = value as Receipt;
        assert.equal(kept.acknowledgement.index, acknowledgement.index);
        assert.equal(kept.acknowledgement.entry, acknowledgement.entry);
        assert.equal(kept.checkpoint.size, checkpoint.size);
        assert.equal(kept.checkpoint.root, checkpoint.root);
      }),
      { numRuns: 400 },
    );
    assert.ok(refused > 50);
  });
});
