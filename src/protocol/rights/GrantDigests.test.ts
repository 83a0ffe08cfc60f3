import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GrantDigests } from './GrantDigests.ts';
import type { Grant } from '../struct/requests.ts';
import { digestOf } from '../struct/signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { context, word } from '../test/sampleNetwork.ts';
import { sampleGrant } from '../test/sampleRules.ts';

/** The context with a count of how often something was hashed with Keccak. */
function counting(): { readonly context: typeof context; readonly hashed: () => number } {
  let count = 0;
  const keccak256 = (data: Uint8Array): Uint8Array => {
    count += 1;
    return context.primitives.keccak256(data);
  };
  return {
    context: { ...context, primitives: { ...context.primitives, keccak256 } },
    hashed: () => count,
  };
}

describe('GrantDigests', () => {
  it('gives the digest of an opening, and hashes the same one once', () => {
    const [digests, { context: counted, hashed }] = [new GrantDigests(), counting()];
    const grant = sampleGrant();
    assert.equal(digests.of(counted, grant), digestOf(context, 'Grant', grant));
    const once = hashed();
    assert.equal(digests.of(counted, structuredClone(grant)), digestOf(context, 'Grant', grant));
    assert.equal(hashed(), once);
  });

  it('tells openings apart that differ in any one field', () => {
    const digests = new GrantDigests();
    const grant = sampleGrant();
    const others: Grant[] = [
      { ...grant, handle: word('other') },
      ...Object.entries(grant.terms).map(([name, value]) => ({
        ...grant,
        terms: { ...grant.terms, [name]: another(value) },
      })),
    ];
    for (const each of [grant, ...others, grant]) {
      assert.equal(digests.of(context, each), digestOf(context, 'Grant', each));
    }
    assert.equal(new Set(others.map((each) => digests.of(context, each))).size, others.length);
  });

  it('remembers nothing of what is not a grant', () => {
    const digests = new GrantDigests();
    for (const wrong of [{}, { handle: 7 }, { ...sampleGrant(), terms: null }]) {
      for (const _ of [1, 2]) {
        assert.throws(
          () => digests.of(context, wrong as unknown as Grant),
          failsWith('REQUEST_MALFORMED'),
        );
      }
    }
  });

  it('forgets the oldest of very many, and what is far longer than a grant', () => {
    const [digests, { context: counted, hashed }] = [new GrantDigests(), counting()];
    const first = sampleGrant();
    const long = { ...first, more: 'x'.repeat(5000) };
    for (const each of [first, long]) digests.of(counted, each);
    for (let place = 0; place < 4096; place++) {
      digests.of(counted, sampleGrant({ until: first.terms.until + 1 + place }));
    }
    for (const each of [first, long]) {
      const before = hashed();
      assert.equal(digests.of(counted, each), digestOf(context, 'Grant', first));
      assert.ok(hashed() > before);
    }
  });
});

function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return value.slice(1);
  if (value === 'TREAT') return 'ETREAT';
  return `0x${'7'.repeat(String(value).length - 2)}`;
}
