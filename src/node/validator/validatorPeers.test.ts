import assert from 'node:assert/strict';
import { it } from 'node:test';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { consortium, movedTerms, nodeOf } from '../../protocol/test/sampleConsortium.ts';
import { primitives, network } from '../../protocol/test/sampleNetwork.ts';
import { validatorPeers } from './validatorPeers.ts';

const peerOf = (name: string): string => {
  const { validator } = nodeOf(name);
  return `${validator?.node}@${validator?.address}`;
};
const next = successorOf(
  primitives,
  consortium,
  movedTerms(consortium, ['pharmacy'], ['hospital']),
);

it('talks with the validators of the other organisations, and with one that will join', () => {
  const before = ['laboratory', 'insurer'].map(peerOf);
  assert.deepEqual(validatorPeers([consortium], 'hospital'), before);
  assert.deepEqual(validatorPeers([consortium, next], 'hospital'), [...before, peerOf('pharmacy')]);
  assert.deepEqual(
    validatorPeers([consortium, next], 'pharmacy'),
    ['hospital', 'laboratory', 'insurer'].map(peerOf),
  );
});

it('does not with that of an organisation that left', () => {
  assert.deepEqual(validatorPeers([next], 'insurer'), ['laboratory', 'pharmacy'].map(peerOf));
});

it('goes by the present address of a validator until the next file is in force', () => {
  const [first, ...others] = consortium.founders ?? [];
  assert.ok(first?.validator !== undefined);
  const address = 'elsewhere.example:1';
  const nodes = [{ ...first, validator: { ...first.validator, address } }, ...others];
  const moved = { ...consortium, nodes };
  assert.equal(validatorPeers([consortium, moved], 'insurer')[0], peerOf('hospital'));
  assert.equal(validatorPeers([moved], 'insurer')[0], `${first.validator.node}@${address}`);
});

it('is alone where the ledger is at one organisation', () => {
  assert.deepEqual(validatorPeers([network], 'hospital'), []);
});
