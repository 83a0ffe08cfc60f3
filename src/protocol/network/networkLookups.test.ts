import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Channel } from './NetworkFile.ts';
import {
  coordinatorsIn,
  founderOf,
  logOf,
  organisationId,
  organisationName,
  organisationsBehind,
  ownLogOf,
  ownLogsOf,
} from './networkLookups.ts';
import { failsWith } from '../test/failsWith.ts';
import { coordinators, network, research, signatory } from '../test/sampleNetwork.ts';

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

describe('ownLogOf', () => {
  const both = { ...network, channels: [...network.channels, research] };

  it('finds the log of an organisation in the channel that is named', () => {
    assert.equal(ownLogOf(network, 'laboratory').log.name, 'care/laboratory');
    for (const name of ['care', 'research']) {
      const { channel, log } = ownLogOf(both, 'laboratory', name);
      assert.deepEqual([channel.name, log.name], [name, `${name}/laboratory`]);
    }
    const names = ownLogsOf(both, 'insurer').map(({ log }) => log.name);
    assert.deepEqual(names, ['care/insurer', 'research/insurer']);
  });

  it('chooses none of several channels, and finds nothing in another', () => {
    const reason = 'laboratory is in several channels; name one of them: care, research';
    assert.throws(
      () => ownLogOf(both, 'laboratory'),
      failsWith('ARGUMENT_INVALID', { argument: 'channel', reason }),
    );
    assert.throws(() => ownLogOf(both, 'clinic'), failsWith('NOT_FOUND'));
    assert.throws(() => ownLogOf(network, 'laboratory', 'research'), failsWith('NOT_FOUND'));
    assert.deepEqual(ownLogsOf(both, 'clinic'), []);
  });
});

describe('founderOf', () => {
  it('is the first of the founders, whatever channel stands first; in older files the first log’s', () => {
    const founders = ['insurer', 'hospital', 'laboratory'].map((organisation) => {
      return { organisation, sender: signatory(`sender of ${organisation}`).address };
    });
    assert.equal(founderOf({ ...network, founders }), 'insurer');
    assert.equal(founderOf(network), 'hospital');
  });
});

describe('coordinatorsIn', () => {
  it('has the quorum for writes, as the Registry has', () => {
    const thresholds = { writes: 2, views: 3 };
    const { threshold, members } = coordinatorsIn({ ...channel, thresholds });
    assert.equal(threshold, 2);
    assert.equal(members, channel.coordinators);
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
