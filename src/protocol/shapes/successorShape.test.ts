import assert from 'node:assert/strict';
import { it } from 'node:test';
import { findShapeError } from '../wire/findShapeError.ts';
import { consortium, FROM } from '../test/sampleConsortium.ts';
import { context } from '../test/sampleNetwork.ts';
import { termsOf } from '../test/sampleSuccessors.ts';
import { draftSuccessor } from '../network/signSuccessor.ts';
import { SUCCESSOR } from './answerShapes.ts';

function filled<Item>([first]: readonly Item[], count: number): readonly Item[] {
  return Array.from({ length: count }, () => first ?? assert.fail());
}

// @actor a stranger | to keep a node busy with an invented file
it('refuses a successor of more organisations than 256 in any part before anything of it is computed', () => {
  const { nodes = [], ...terms } = termsOf(consortium, FROM);
  const draft = draftSuccessor(context, consortium, { ...terms, nodes });
  const { authority } = draft;
  const [channel = assert.fail()] = draft.channels;
  const parts = (count: number): readonly object[] => [
    { authority: { ...authority, members: filled(authority.members, count) } },
    { nodes: filled(nodes, count) },
    { channels: [{ ...channel, coordinators: filled(channel.coordinators, count) }] },
    { channels: [{ ...channel, logs: filled(channel.logs, count) }] },
  ];
  for (const part of parts(256))
    assert.equal(findShapeError(SUCCESSOR, { ...draft, ...part }, 'it'), undefined);
  for (const part of [...parts(257), { channels: filled([channel], 17) }]) {
    assert.ok(findShapeError(SUCCESSOR, { ...draft, ...part }, 'it'), Object.keys(part).join());
  }
});
