import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Channel } from './NetworkFile.ts';
import { logOf, organisationId, organisationName, organisationsBehind } from './networkLookups.ts';
import { failsWith } from './test/failsWith.ts';
import { coordinators, network, signatory } from './test/sampleNetwork.ts';

const channel = network.channels[0] as Channel;
const addresses = coordinators.map(({ address }) => address);

describe('logOf', () => {
  it('finds a log by its whole name alone', () => {
    assert.equal(logOf(network, 'care/laboratory').log.organisation, 'laboratory');
    for (const name of ['laboratory', 'care', 'care/', 'CARE/laboratory', '', 'care/laboratory ']) {
      assert.throws(() => logOf(network, name), failsWith('NOT_FOUND'));
    }
  });
});

describe('organisationsBehind', () => {
  it('counts each organisation once, and nobody who is not a coordinator', () => {
    const [first, second] = addresses;
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(organisationsBehind(channel, []), 0);
    assert.equal(organisationsBehind(channel, [first, first, first]), 1);
    assert.equal(organisationsBehind(channel, [first, second, signatory('x').address]), 2);
    assert.equal(organisationsBehind(channel, addresses), 3);
    assert.equal(organisationsBehind(channel, [first.toUpperCase() as '0x']), 0);
  });
});

describe('organisationId', () => {
  it('comes back as the name that it was made from, in 32 bytes', () => {
    assert.equal(organisationId('hospital'), `0x686f73706974616c${'00'.repeat(24)}`);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,31}$/), (name) => {
        assert.equal(organisationName(organisationId(name)), name);
        assert.equal(organisationId(name).length, 66);
      }),
    );
  });

  it('refuses what is not a short name', () => {
    for (const name of ['', 'Hospital', 'a/b', '..', 'ä', 'a b', 'a\u0000b', 'a'.repeat(32)]) {
      assert.throws(() => organisationId(name), failsWith('REQUEST_MALFORMED'));
    }
  });
});
