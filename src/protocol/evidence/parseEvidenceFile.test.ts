import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { History } from './evidence.ts';
import { formatEvidenceFile, parseEvidenceFile } from './parseEvidenceFile.ts';
import { failsWith } from '../test/failsWith.ts';
import { acknowledged, receiptOf, sampleBody } from '../test/sampleEvidence.ts';
import { context, network } from '../test/sampleNetwork.ts';
import { verifyHistory } from './verifyHistory.ts';
import { verifyReceipt } from './verifyReceipt.ts';
import { someOf } from '../test/share.ts';

const bodies = Array.from({ length: 3 }, (_, place) => sampleBody({ at: 1_800_000_000 + place }));
const entries = await acknowledged(bodies);
const receipt = await receiptOf(entries, 1);
const file = utf8ToBytes(formatEvidenceFile(receipt));

function verify(bytes: Uint8Array): void {
  const parsed = parseEvidenceFile(bytes);
  assert.ok(parsed.kind === 'receipt');
  verifyReceipt(context, network, parsed.receipt, { strict: true });
}

/** Why a file does not hold. */
function faultOf(bytes: Uint8Array): string {
  try {
    verify(bytes);
  } catch (error) {
    if (isMedsealError(error, 'EVIDENCE_INVALID')) return error.values.reason;
    throw error;
  }
  return 'it holds';
}

/** Tells whether a file is of a history that holds. */
function isHistory(bytes: Uint8Array): boolean {
  try {
    const parsed = parseEvidenceFile(bytes);
    assert.ok(parsed.kind === 'history');
    verifyHistory(context, network, parsed.history, { strict: true });
    return true;
  } catch (error) {
    assert.ok(isMedsealError(error, 'EVIDENCE_INVALID') || error instanceof assert.AssertionError);
    return false;
  }
}

describe('a file of evidence', () => {
  it('is read as it was kept, with or without its last line break', () => {
    assert.deepEqual(parseEvidenceFile(file), { kind: 'receipt', receipt });
    assert.deepEqual(parseEvidenceFile(file.slice(0, -1)), { kind: 'receipt', receipt });
    const [acknowledgement] = entries;
    assert.ok(acknowledgement);
    const kept = utf8ToBytes(formatEvidenceFile(acknowledgement));
    assert.deepEqual(parseEvidenceFile(kept), { kind: 'acknowledgement', acknowledgement });
  });

  it('does not hold with any one byte changed', () => {
    assert.equal(faultOf(file), 'it holds');
    for (const at of someOf([...file.keys()], 5)) {
      const changed = file.with(at, (file[at] ?? 0) ^ (1 << (at % 7)));
      assert.notEqual(faultOf(changed), 'it holds', `byte ${at}`);
    }
  });

  it('of a whole log does not hold with any one byte changed', () => {
    const { checkpoint } = receipt;
    const joined = entries.map(({ entry }) => entry.slice(2)).join('');
    const history: History = {
      format: 'medseal-history/1',
      checkpoint,
      entries: `0x${joined}`,
    };
    const kept = utf8ToBytes(formatEvidenceFile(history));
    assert.deepEqual(parseEvidenceFile(kept), { kind: 'history', history });

    assert.ok(isHistory(kept));
    for (const at of someOf([...kept.keys()], 5)) {
      assert.ok(!isHistory(kept.with(at, (kept[at] ?? 0) ^ (1 << (at % 7)))), `byte ${at}`);
    }
  });

  it('does not hold in capitals, where hexadecimal would be the same number', () => {
    const text = formatEvidenceFile(receipt);
    for (const match of text.matchAll(/[0-9][a-f][0-9]/g)) {
      const at = match.index + 1;
      const changed = text.slice(0, at) + match[0].slice(1, 2).toUpperCase() + text.slice(at + 1);
      if (at % 3 === 0) assert.notEqual(faultOf(utf8ToBytes(changed)), 'it holds', `byte ${at}`);
    }
  });

  const text = formatEvidenceFile(receipt);
  const wrong: [string, string, string][] = [
    ['nothing', '', 'the file is not JSON'],
    ['a text', 'receipt', 'the file is not JSON'],
    ['a number', '7', 'acknowledgement is not an object'],
    ['a list', '[]', 'acknowledgement is not an object'],
    ['spaces', ` ${text}`, 'the file is not in canonical JSON, as it was kept'],
    ['two line breaks', `${text}\n`, 'the file is not in canonical JSON, as it was kept'],
    [
      'indentation',
      JSON.stringify(receipt, null, 2),
      'the file is not in canonical JSON, as it was kept',
    ],
    [
      'a field twice',
      text.replace('{"ack', '{"format":"x","ack'),
      'the file is not in canonical JSON, as it was kept',
    ],
    [
      'another format',
      text.replace('receipt/1', 'receipt/2'),
      'it is of the format medseal-receipt/2, and this version reads medseal-receipt/1',
    ],
    [
      'the format of a proof of a release of before',
      text.replace('receipt/1', 'release/1'),
      'it is of the format medseal-release/1, and this version reads medseal-release/2',
    ],
    [
      'a format that is not text, nor can become one',
      text.replace('"medseal-receipt/1"', '{"toString":1,"valueOf":1}'),
      'receipt.format is not one of its words',
    ],
    [
      'a field more',
      text.replace(',"checkpoint"', ',"also":1,"checkpoint"'),
      'receipt has an unknown field',
    ],
    [
      'a field less',
      formatEvidenceFile({ ...receipt, inclusion: undefined as never }),
      'receipt has no inclusion',
    ],
    [
      'a number as a text',
      text.replace(/"block":(\d+),"note"/, '"block":"$1","note"'),
      'receipt.ledger.block is not a number from 0',
    ],
  ];
  for (const [name, altered, reason] of wrong) {
    it(`is not ${name}`, () => {
      assert.throws(
        () => parseEvidenceFile(utf8ToBytes(altered)),
        failsWith('EVIDENCE_INVALID', { reason }),
      );
    });
  }

  it('says of what another version wrote which format it has', () => {
    for (const [format, known] of [
      ['medseal-receipt/2', 'medseal-receipt/1'],
      ['medseal-chain/7', 'medseal-chain/1'],
      ['medseal-history/0', 'medseal-history/1'],
    ]) {
      const reason = `it is of the format ${format}, and this version reads ${known}`;
      const bytes = utf8ToBytes(`{"format":"${format}"}`);
      assert.throws(() => parseEvidenceFile(bytes), failsWith('EVIDENCE_INVALID', { reason }));
    }
  });

  it('is not bytes that are not text', () => {
    assert.throws(() => parseEvidenceFile(file.with(9, 0xff)), failsWith('EVIDENCE_INVALID'));
  });
});
