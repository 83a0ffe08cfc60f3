import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fileInForce } from '../../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { nodeReason } from '../../protocol/operator/nodeReasons.ts';
import { network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { four, LATER, NEW_KEY, renewed } from '../../protocol/test/sampleReplacement.ts';
import { unnamedKey } from './unnamedKey.ts';

const after = successorOf(primitives, four, renewed);
const unnamed = [nodeReason('validator-unnamed', { name: 'pharmacy' })];

function reasonsOf(
  files: readonly NetworkFile[],
  at: number,
  key = NEW_KEY,
  name = 'pharmacy',
): ReturnType<typeof unnamedKey> {
  const succession = { files, inForce: (moment: number) => fileInForce(files, moment) };
  return unnamedKey({ key }, succession, [name], at);
}

it('says that the network names another key of a validator, until a file in force or to come names it', () => {
  assert.deepEqual(reasonsOf([four], LATER - 1), unnamed);
  assert.deepEqual(reasonsOf([four, after], LATER - 1), []);
  assert.deepEqual(reasonsOf([four, after], LATER), []);
});

it('says it of the former key once the new one is in force', () => {
  const former = four.nodes?.at(-1)?.validator?.key ?? assert.fail();
  assert.deepEqual(reasonsOf([four, after], LATER - 1, former), []);
  assert.deepEqual(reasonsOf([four, after], LATER, former), unnamed);
});

it('says nothing of a newcomer, of a ledger at one organisation, and before a network is known', () => {
  assert.deepEqual(reasonsOf([four], LATER - 1, NEW_KEY, 'clinic'), []);
  assert.deepEqual(reasonsOf([network], LATER - 1, NEW_KEY, 'hospital'), []);
  assert.deepEqual(unnamedKey(undefined, undefined, ['pharmacy'], LATER), []);
});
