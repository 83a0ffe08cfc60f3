import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { network, signatory, word } from '../protocol/test/sampleNetwork.ts';
import { foundingOf } from './foundingTrust.ts';

const chain = `medseal-${'5a'.repeat(16)}`;
const ledger = { ...network.ledger, chain, timestamp: 1_700_000_000 };
const validators = ['hospital', 'insurer'].map((name, at) => ({ key: word(name), stake: at + 1 }));
const powers = validators.map(({ key, stake }) => ({ key, power: stake }));

describe('foundingOf', () => {
  it('gives none for a ledger at one organisation', () => {
    assert.equal(foundingOf(network), undefined);
  });

  it('gives the founders’ validators, or those that the ledger of another network began with', () => {
    const founders = validators.map((each, place) => ({
      organisation: `organisation-${place}`,
      sender: signatory(`sender ${place}`).address,
      validator: { ...each, node: 'node', address: 'address' },
    }));
    const expected = { chain, time: 1_700_000_000, validators: powers };
    assert.deepEqual(foundingOf({ ledger, founders }), expected);
    const of = { network: word('first'), registry: signatory('other').address, validators };
    const channel: Pick<NetworkFile, 'ledger' | 'founders'> = {
      ledger: { ...ledger, of },
      founders: founders.map(({ validator: _validator, ...founder }) => founder),
    };
    assert.deepEqual(foundingOf(channel), expected);
  });
});
