import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { signPortal, verifyPortalStatement, type PortalStatement } from './portalStatement.ts';

const ORIGIN = 'medseal/0011/care/hospital';
const key = createNoteKey(ORIGIN, new Uint8Array(32).fill(1));
const other = createNoteKey(ORIGIN, new Uint8Array(32).fill(2));
const log = { origin: ORIGIN, key: key.verifierKey };
const PIN = { sha256: 'ab'.repeat(32), policy: "default-src 'none'" };
const statement = signPortal(portablePrimitives, key, PIN, 1_800_000_000);

describe('an organisation’s statement about its portal', () => {
  it('is verified by the key of its log', () => {
    verifyPortalStatement(portablePrimitives, log, statement);
    assert.match(statement.note, /^medseal\/0011\/care\/hospital portal\nabab/);
  });

  const changes: Readonly<Record<string, Partial<PortalStatement>>> = {
    'another page': { sha256: 'cd'.repeat(32) },
    'another policy': { policy: "default-src 'self'" },
    'another moment': { at: 1_800_000_001 },
    'no signature': { note: statement.note.split('\n\n')[0] ?? '' },
    'the signature of another key': signPortal(portablePrimitives, other, PIN, 1_800_000_000),
    'a checkpoint of the same key': {
      note: signNote(portablePrimitives, `${ORIGIN}\n1\n${'A'.repeat(43)}=\n`, [key]),
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`does not hold with ${what}`, () => {
      assert.throws(
        () => verifyPortalStatement(portablePrimitives, log, { ...statement, ...change }),
        { code: 'EVIDENCE_INVALID' },
      );
    });
  }

  it('does not hold for the log of another organisation, and is not a checkpoint', () => {
    const laboratory = createNoteKey('medseal/0011/care/laboratory', new Uint8Array(32).fill(1));
    const theirs = { origin: laboratory.name, key: laboratory.verifierKey };
    assert.throws(() => verifyPortalStatement(portablePrimitives, theirs, statement), {
      code: 'EVIDENCE_INVALID',
    });
    assert.throws(
      () => openCheckpoint(portablePrimitives, { origin: ORIGIN, keys: [log.key] }, statement.note),
      {
        code: 'EVIDENCE_INVALID',
      },
    );
  });
});
