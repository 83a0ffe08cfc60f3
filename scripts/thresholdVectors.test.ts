import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadMclPairing } from '../src/crypto/threshold/loadMclPairing.ts';
import { noblePairing } from '../src/crypto/threshold/noblePairing.ts';
import { ROOT } from './sdkPrograms.ts';
import { thresholdVector, type ThresholdVector } from './thresholdVectors.ts';

const FILE = join(ROOT, 'docs/reference/vectors/threshold.json');
const published = JSON.parse(readFileSync(FILE, 'utf8')) as readonly ThresholdVector[];

describe('the test vectors for threshold release', () => {
  it('are what both implementations compute', async () => {
    for (const pairing of [noblePairing, await loadMclPairing()]) {
      assert.deepEqual(
        await Promise.all(
          published.map(async ({ given }) => await thresholdVector(pairing, given)),
        ),
        published,
      );
    }
  });

  it('keep these values for ever', () => {
    assert.equal(published.length, 2);
    assert.deepEqual(
      published.map(({ paired }) => paired),
      [
        '0x6fcf0b6ec0de732ba18056a0dce2b9bbea38fd14c95671e2fcbaea8df2e84e71',
        '0x8dfde3e4cd3cfa38559b7a1965719b06b2f55c80406e78efe51fac1ddad278a6',
      ],
    );
  });
});
