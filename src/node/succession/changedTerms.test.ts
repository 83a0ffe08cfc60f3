import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { officeChangesOf } from '../../protocol/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/signSuccessor.ts';
import { countSuccessor } from '../../protocol/countSuccessor.ts';
import { successorOf } from '../../protocol/successorOf.ts';
import { context, network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { seatsOf } from '../../protocol/test/sampleSuccessors.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { changedTerms } from './changedTerms.ts';

const from = 1_800_000_000;

function categoriesAfter(
  categories: readonly Category[] | undefined,
  before = network,
): readonly Category[] | undefined {
  const terms = changedTerms(primitives, before, { from, ...(categories && { categories }) });
  return terms.channels[0]?.categories;
}

describe('changedTerms', () => {
  it('limits the categories of a channel, in one order, and lifts the limit', () => {
    assert.equal(categoriesAfter(undefined), undefined);
    assert.deepEqual(categoriesAfter(['vitals', 'laboratory']), ['laboratory', 'vitals']);
    const [care = assert.fail()] = network.channels;
    const limited = { ...network, channels: [{ ...care, categories: ['vitals'] as const }] };
    assert.deepEqual(categoriesAfter(undefined, limited), ['vitals']);
    assert.equal(categoriesAfter(CATEGORIES, limited), undefined);
  });

  it('has the authority and the channel’s coordinators sign it, and changes no office', () => {
    const terms = changedTerms(primitives, network, { from, categories: ['vitals'] });
    const made = successorOf(primitives, network, terms);
    assert.deepEqual(officeChangesOf(network, made), []);
    const draft = draftSuccessor(context, network, terms);
    const one = signSuccessor(context, network, draft, seatsOf('hospital'));
    assert.deepEqual(countSuccessor(context, network, one).missing, [
      { office: 'the authority', count: 1 },
      { office: 'the coordinators of care', count: 1 },
    ]);
  });
});
