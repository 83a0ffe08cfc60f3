import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isQuorum } from '../network/isQuorum.ts';
import type { Channel, NetworkFile } from '../network/NetworkFile.ts';
import { dealersOf } from './planFounding.ts';

// @attack fewer organisations than a release takes deal a network's first key, and so know it | as many deal as open a record, at least
it('as many organisations deal a first key as open a record at least, and all but the faulty, whatever the network', () => {
  let tried = 0;
  for (let n = 1; n <= 12; n++) {
    for (let faulty = 0; faulty < n; faulty++) {
      for (let views = 1; views <= n; views++) {
        if (!isQuorum(views, { organisations: n, faulty })) continue;
        const channel = {
          coordinators: Array.from({ length: n }, () => ({})),
          faulty,
          thresholds: { writes: views, views },
        } as unknown as Channel;
        const dealers = dealersOf({ channels: [channel] } satisfies Pick<NetworkFile, 'channels'>);
        assert.ok(dealers >= views && dealers >= n - faulty && dealers <= n);
        assert.ok(dealers > faulty, 'somebody honest deals');
        tried += 1;
      }
    }
  }
  assert.ok(tried > 100);
});
