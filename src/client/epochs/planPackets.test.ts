import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { sampleGrant } from '../../protocol/test/sampleRules.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Terms } from '../../protocol/struct/requests.ts';
import type { KnownGrant } from '../state/PatientState.ts';
import { AHEAD, planPackets, readersAmong } from './planPackets.ts';

function reader(name: string, until: number, sealedTo = 0, terms: Partial<Terms> = {}): KnownGrant {
  return { grant: sampleGrant({ until, ...terms }), digest: word(name), sealedTo };
}

function epochsOf(readers: readonly KnownGrant[], epoch: number): (readonly number[])[] {
  return planPackets(readers, epoch).packets.map(({ epochs }) => epochs);
}

describe('who gets keys of epochs', () => {
  it('is nobody whose right has ended, is to one record, or is not to read', () => {
    const grants = [
      reader('reads', 20),
      reader('ended', 20),
      reader('expired', 10),
      reader('one record', 20, 0, { record: word('record') }),
      reader('adds', 20, 0, { read: false }),
    ];
    const active = grants.map(({ digest }) => digest).filter((digest) => digest !== word('ended'));
    assert.deepEqual(
      readersAmong(grants, active, 10).map(({ digest }) => digest),
      [word('reads')],
    );
    assert.deepEqual(readersAmong(grants, [], 10), []);
    assert.equal(grants[0]?.grant.terms.record, ZERO32);
  });
});

describe('what is sealed ahead', () => {
  it('is nothing if no right ends before another', () => {
    assert.deepEqual(epochsOf([reader('a', 20), reader('b', 20)], 5), [[5], [5]]);
    assert.deepEqual(epochsOf([reader('a', 20, 5), reader('b', 20, 5)], 5), [[], []]);
    assert.deepEqual(epochsOf([], 5), []);
  });

  it('is an epoch for each earlier end of others, and only what is missing', () => {
    const readers = [reader('a', 20, 5), reader('b', 30, 5), reader('c', 40, 6), reader('d', 30)];
    assert.deepEqual(epochsOf(readers, 5), [[], [6], [7], [5, 6]]);
    assert.deepEqual(planPackets(readers, 5).lastEpoch, 7 + 3 + 1);
  });

  it('is a few epochs at most', () => {
    const readers = Array.from({ length: 9 }, (_, index) => reader(`${index}`, 20 + index, 1));
    assert.deepEqual(epochsOf(readers, 1).at(-1), [2, 3, 4]);
    assert.equal(planPackets(readers, 1).lastEpoch, 1 + AHEAD + 9 + 1);
  });

  it('serves whoever keeps a right, as the ends come one after another, while no device is there', () => {
    const rights = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rights, (untils) => {
        const readers = untils.map((until, index) => reader(`${index}`, until, 1));
        const { packets, lastEpoch } = planPackets(readers, 1);
        const sealed = new Map(
          packets.map(({ known, epochs }) => [known.digest, new Set([1, ...epochs])]),
        );
        let epoch = 1;
        for (const [passed, end] of [...new Set(untils)].toSorted((a, b) => a - b).entries()) {
          // Each end turns the keys past all that its grantees have.
          const over = readers.filter(({ grant }) => grant.terms.until === end);
          for (const { digest } of over)
            epoch = Math.max(epoch, Math.max(...(sealed.get(digest) ?? [])) + 1);
          assert.ok(epoch <= lastEpoch);
          if (passed >= AHEAD) continue;
          for (const { digest, grant } of readers) {
            const keeps = grant.terms.until > end;
            assert.equal(sealed.get(digest)?.has(epoch) ?? false, keeps);
          }
        }
      }),
    );
  });
});
