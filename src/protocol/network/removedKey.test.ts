import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireSignedRules } from '../rights/requireSignedRules.ts';
import { SUCCESSOR } from '../shapes/answerShapes.ts';
import { failsWith } from '../test/failsWith.ts';
import { context, word } from '../test/sampleNetwork.ts';
import { removing } from '../test/sampleRemoval.ts';
import { FOUR, four, NEW_KEY, replacing } from '../test/sampleReplacement.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import { countSuccessor, requireSuccessor } from './countSuccessor.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { organisationId } from './networkLookups.ts';
import type { Successor } from './Successor.ts';

const OTHERS = ['hospital', 'laboratory', 'insurer'] as const;
const whole = removing(OTHERS);
const invalid = failsWith('SUCCESSOR_INVALID');

function requireWhole(successor: Successor): NetworkFile {
  const network = requireSuccessor(context, four, successor);
  requireSignedRules(context, four, network, successor);
  return network;
}

describe('a successor that takes power from a validator’s key at once', () => {
  it('changes no seat, log, share or stake of the network file, and needs all others alone', () => {
    assert.equal(findShapeError(SUCCESSOR, whole, 'it'), undefined);
    const { authority, channels, nodes } = requireWhole(whole);
    assert.deepEqual(
      { authority, channels, nodes },
      {
        authority: four.authority,
        channels: four.channels,
        nodes: four.nodes,
      },
    );
    assert.deepEqual([whole.stakes, whole.offices], [[], []]);
  });

  // @actor two or three of four organisations | to take the vote of another one in minutes
  it('is refused with one of the others missing, whether the organisation itself signed or not', () => {
    for (const names of [
      ['hospital', 'laboratory'],
      ['hospital', 'laboratory', 'pharmacy'],
      ['laboratory', 'insurer', 'pharmacy'],
      ['pharmacy'],
      [],
    ]) {
      assert.throws(() => requireWhole(removing(names)), invalid, names.join());
    }
    const [lacking] = countSuccessor(
      context,
      four,
      removing(['hospital', 'laboratory', 'pharmacy']),
    ).missing;
    assert.deepEqual(lacking, { office: 'the coordinators other than that of pharmacy', count: 1 });
    requireWhole(removing(FOUR));
  });

  it('is refused with a signature left out, of another removal, or of the organisation itself in place of another’s', () => {
    const { removal = assert.fail() } = whole;
    const [first = assert.fail(), second = assert.fail()] = removal.signatures;
    const { removal: own = assert.fail() } = removing(['hospital', 'laboratory', 'pharmacy']);
    for (const signatures of [[first, second], [first, first, second], own.signatures]) {
      const altered = { ...whole, removal: { ...removal, signatures } };
      assert.throws(() => requireWhole(altered), invalid);
    }
    const later = { ...removal.message, removal: 2 };
    assert.throws(
      () => requireWhole({ ...whole, removal: { ...removal, message: later } }),
      invalid,
    );
  });

  it('is refused for a key that is not that organisation’s validator’s, and beside a replacement', () => {
    const { removal = assert.fail() } = whole;
    for (const other of [
      { key: NEW_KEY },
      { key: word('validator of hospital') },
      { organisation: organisationId('hospital') },
      { organisation: organisationId('clinic') },
    ]) {
      const altered = {
        ...whole,
        removal: { ...removal, message: { ...removal.message, ...other } },
      };
      assert.throws(() => requireWhole(altered), invalid);
    }
    assert.throws(() => requireWhole({ ...replacing(FOUR), removal }), invalid);
  });
});
