import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import type { SignedCheckpoint } from './evidence.ts';
import { failsWith } from '../test/failsWith.ts';
import { checkpointOf } from '../test/sampleEvidence.ts';
import { context, network, noteKeyOf, originOf, word } from '../test/sampleNetwork.ts';
import { verifyCheckpoint } from './verifyCheckpoint.ts';

const entries = ['a', 'b', 'c'].map(word);
const checkpoint = checkpointOf(entries);
const longer = checkpointOf([...entries, word('d')]);
const [first, second, third] = checkpoint.signatures;
if (first === undefined || second === undefined || third === undefined) throw new Error();

const verify = (value: unknown): unknown =>
  verifyCheckpoint(context, network, value as SignedCheckpoint);

/** The same statement noted by another log's key, or under another origin. */
function notedBy(key: string, origin: string): string {
  const { size, root } = checkpoint;
  const text = formatCheckpoint({ origin, size, root: hexToBytes(root) });
  return signNote(context.primitives, text, [noteKeyOf(key)]);
}

describe('verifyCheckpoint', () => {
  it('takes what the log and k coordinators signed; signatures that do not hold do not count', () => {
    verify(checkpoint);
    for (const bad of [{ ...third, signature: '0x' }, { ...third, signature: null }, null]) {
      verify({ ...checkpoint, signatures: [bad, first, second] });
    }
  });

  const wrong: [string, unknown][] = [
    ['nothing', null],
    ['another size', { ...checkpoint, size: 4 }],
    ['a size as a text', { ...checkpoint, size: '3' }],
    ['another root', { ...checkpoint, root: word('x') }],
    ['the note of another checkpoint', { ...checkpoint, note: longer.note }],
    ['the signatures of another checkpoint', { ...checkpoint, signatures: longer.signatures }],
    ['no note', { ...checkpoint, note: '' }],
    ['a note that is not text', { ...checkpoint, note: 7 }],
    [
      'the note of another log',
      { ...checkpoint, note: notedBy('laboratory', originOf('laboratory')) },
    ],
    [
      'a note under the log’s key of another origin',
      { ...checkpoint, note: notedBy('hospital', 'x') },
    ],
    ['another log', { ...checkpoint, log: 'care/laboratory' }],
    ['a log that there is not', { ...checkpoint, log: 'care' }],
    ['no signatures', { ...checkpoint, signatures: [] }],
    ['one signature', { ...checkpoint, signatures: [first] }],
    ['one signature twice', { ...checkpoint, signatures: [first, first] }],
    [
      'signatures under each other’s names',
      {
        ...checkpoint,
        signatures: [
          { ...first, coordinator: second.coordinator },
          { ...second, coordinator: first.coordinator },
        ],
      },
    ],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(() => verify(value), failsWith('EVIDENCE_INVALID'));
    });
  }
});
