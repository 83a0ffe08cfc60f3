import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccessAsked, KnownRight } from '../../../../src/client/index.ts';
import { stateOfAsked } from './stateOfAsked.ts';

const NOW = 1_800_000_000;
const handle = `0x${'11'.repeat(32)}` as const;
const terms = { categories: ['laboratory'], purpose: 'TREAT', until: NOW + 100 };

function asked(answer?: AccessAsked['answer'], deadline = NOW + 10): AccessAsked {
  const message = { handle, terms, deadline };
  return { request: { message }, ...(answer && { answer }) } as unknown as AccessAsked;
}

function right(change: Record<string, unknown> = {}, on: string = handle): KnownRight {
  return { grant: { handle: on, terms: { ...terms, ...change } } } as unknown as KnownRight;
}

describe('the state of a request for access', () => {
  it('waits until its deadline, and then was not answered in time', () => {
    assert.equal(stateOfAsked(asked(), [], NOW), 'waiting');
    assert.equal(stateOfAsked(asked(undefined, NOW), [], NOW), 'waiting');
    assert.equal(stateOfAsked(asked(undefined, NOW - 1), [], NOW), 'expired');
  });

  it('follows the answer, also after the deadline', () => {
    assert.equal(stateOfAsked(asked('declined', NOW - 1), [right()], NOW), 'declined');
    assert.equal(stateOfAsked(asked('granted', NOW - 1), [right()], NOW), 'given');
    assert.equal(stateOfAsked(asked('withdrawn'), [right()], NOW), 'withdrawn');
  });

  it('is given only as long as a right holds that covers it', () => {
    assert.equal(stateOfAsked(asked('granted'), [right({ until: NOW + 1 })], NOW), 'given');
    const others = [
      right({ until: NOW }),
      right({ purpose: 'HRESCH' }),
      right({ categories: ['vitals'] }),
      right({}, `0x${'22'.repeat(32)}`),
    ];
    assert.equal(stateOfAsked(asked('granted'), others, NOW), 'over');
    const more = right({ categories: ['vitals', 'laboratory'] });
    assert.equal(stateOfAsked(asked('granted'), [...others, more], NOW), 'given');
  });
});
