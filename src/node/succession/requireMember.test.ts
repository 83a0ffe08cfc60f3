import assert from 'node:assert/strict';
import { it } from 'node:test';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { consortium, FROM, movedTerms } from '../../protocol/test/sampleConsortium.ts';
import { primitives } from '../../protocol/test/sampleNetwork.ts';
import { requireMember } from './requireMember.ts';

const next = successorOf(
  primitives,
  consortium,
  movedTerms(consortium, ['pharmacy'], ['hospital']),
);
const back = successorOf(primitives, next, {
  ...movedTerms(next, ['hospital'], ['insurer']),
  from: FROM + 100,
});
const files = [consortium, next, back];

it('takes who is in the network now, and whom no file has ever named', () => {
  for (const [organisation, at] of [
    ['hospital', FROM - 1],
    ['laboratory', FROM],
    ['pharmacy', FROM],
    ['hospital', FROM + 100],
    ['mallory', FROM],
  ] as const) {
    requireMember(files, organisation, at);
  }
});

it('has who joins wait, and tells who left since when', () => {
  assert.throws(() => requireMember(files, 'pharmacy', FROM - 1), failsWith('NOT_YET'));
  assert.throws(() => requireMember(files, 'hospital', FROM), failsWith('NOT_YET'));
  const left = failsWith('NETWORK_LEFT', {
    organisation: 'hospital',
    left: new Date(1000 * FROM).toISOString(),
  });
  assert.throws(() => requireMember([consortium, next], 'hospital', FROM), left);
  assert.throws(
    () => requireMember(files, 'insurer', FROM + 100),
    failsWith('NETWORK_LEFT', { organisation: 'insurer' }),
  );
});
