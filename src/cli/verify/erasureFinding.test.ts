import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ProvenErasure } from '../../protocol/evidence/verifyErasure.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { erasureFinding } from './erasureFinding.ts';

const NOW = 1_800_000_000;
const HOSPITAL = { organisation: 'hospital', at: NOW - 100, stated: NOW - 50 };

function provenWith(change: Partial<ProvenErasure>): ProvenErasure {
  return {
    erase: { category: 'imaging', epoch: 3, handle: word('patient') },
    body: { at: NOW - 200 },
    versions: [],
    destroyed: [HOSPITAL],
    broken: [],
    silent: [],
    ...change,
  } as unknown as ProvenErasure;
}

it('a certificate with all statements leaves nothing unanswered', () => {
  const { finding, unanswered } = erasureFinding('it', provenWith({}), NOW);
  assert.deepEqual([finding.safe, unanswered], [true, []]);
});

// @attack somebody shows a certificate without the organisations that kept the records | each is named, and the command does not end with 0
it('an organisation without a statement is unanswered, and a certificate without any is not safe', () => {
  const silent = ['laboratory', 'insurer'];
  const some = erasureFinding('it', provenWith({ silent }), NOW);
  assert.equal(some.finding.safe, true);
  assert.deepEqual(
    silent.map((name) => some.unanswered.filter((each) => each.includes(name)).length),
    [1, 1],
  );
  const none = erasureFinding('it', provenWith({ destroyed: [], silent }), NOW);
  assert.equal(none.finding.safe, false);
});

// @attack an organisation signs a certificate for a day that has not come | it is unanswered
it('a statement for a moment that has not come is unanswered', () => {
  const later = { ...HOSPITAL, at: NOW + 86_400, stated: NOW + 86_400 };
  const { unanswered } = erasureFinding('it', provenWith({ destroyed: [later] }), NOW);
  assert.match(unanswered.join(), /hospital.*later than the clock/);
  const almost = { ...HOSPITAL, stated: NOW + 30 };
  assert.deepEqual(erasureFinding('it', provenWith({ destroyed: [almost] }), NOW).unanswered, []);
});

it('a statement that an audit contradicts is named, and its organisation unanswered', () => {
  const broken = [{ organisation: 'insurer', at: NOW - 90, stated: NOW - 80 }];
  const { finding, unanswered } = erasureFinding(
    'it',
    provenWith({ broken, silent: ['insurer'] }),
    NOW,
  );
  assert.match((finding.notes ?? []).join('\n'), /insurer: stated .*contradicts/);
  assert.equal(unanswered.length, 1);
});
