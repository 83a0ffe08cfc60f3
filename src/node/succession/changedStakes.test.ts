import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Founder } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { consortium, FROM, nodeOf } from '../../protocol/test/sampleConsortium.ts';
import { primitives, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import type { IdentityFile } from '../founding/identityFiles.ts';
import { changedTerms, type NetworkWish } from './changedTerms.ts';

function identityOf(organisation: string): IdentityFile {
  const { validator, url = '', sender } = nodeOf(organisation);
  assert.ok(validator !== undefined);
  const { stake: _stake, ...named } = validator;
  return {
    format: 'medseal-identity/1',
    organisation,
    sender,
    coordinator: signatory(`coordinator of ${organisation}`).address,
    authority: signatory(`authority of ${organisation}`).address,
    log: word(`log of ${organisation}`),
    url,
    validator: named,
  };
}

function nodesOf(wish: Omit<NetworkWish, 'from'>, network = consortium): readonly Founder[] {
  return changedTerms(primitives, network, { ...wish, from: FROM }).nodes ?? [];
}

function stakesOf(nodes: readonly Founder[]): readonly (readonly [string, number | undefined])[] {
  return nodes.map(({ organisation, validator }) => [organisation, validator?.stake]);
}

const identities = [identityOf('pharmacy')];
const stakes = new Map([
  ['hospital', 40],
  ['insurer', 30],
]);

describe('the validators of a changed network', () => {
  it('are those of who stays and who joins, who begins with the smallest stake', () => {
    const nodes = nodesOf({ identities, leaving: ['hospital'] });
    assert.deepEqual(
      nodes,
      ['laboratory', 'insurer', 'pharmacy'].map((name) => nodeOf(name)),
    );
    const [first, second, third] = consortium.founders ?? [];
    const uneven = [first, second, third].map((node, place) => {
      assert.ok(node?.validator !== undefined);
      return { ...node, validator: { ...node.validator, stake: 50 - place } };
    });
    const late = nodesOf({ identities }, { ...consortium, founders: uneven });
    assert.deepEqual(stakesOf(late).at(-1), ['pharmacy', 48]);
  });

  it('have the stakes that were asked for, and none is left out without being asked for', () => {
    assert.deepEqual(stakesOf(nodesOf({ stakes })), [
      ['hospital', 40],
      ['laboratory', 10],
      ['insurer', 30],
    ]);
    const named = nodesOf({ identities, stakes: new Map([['pharmacy', 7]]) });
    assert.deepEqual(stakesOf(named).at(-1), ['pharmacy', 7]);
    const none = nodesOf({ stakes: new Map([['insurer', 0]]) });
    assert.deepEqual(stakesOf(none).at(-1), ['insurer', undefined]);
  });

  it('are refused for an organisation without one, and for a ledger at one organisation', () => {
    const invalid = failsWith('ARGUMENT_INVALID');
    for (const name of ['mallory', 'hospital']) {
      const wish = { leaving: ['hospital'], stakes: new Map([[name, 5]]) };
      assert.throws(() => nodesOf(wish), invalid);
    }
    const { chain: _chain, ...ledger } = consortium.ledger;
    const founders = consortium.founders?.map(({ validator: _validator, ...node }) => node);
    const alone = { ...consortium, ledger, ...(founders && { founders }) };
    assert.throws(() => nodesOf({ identities }, alone), invalid);
  });
});
