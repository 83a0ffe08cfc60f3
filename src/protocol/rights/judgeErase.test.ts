import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { ZERO32 } from '../ids.ts';
import { authenticate, judgeEvidence } from '../evidence/judgeEvidence.ts';
import type { Erase } from '../struct/requests.ts';
import { sign } from '../struct/signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { doctor, HANDLE, NOW } from '../test/sampleEvidence.ts';
import { context, network, signatory, word, type Signatory } from '../test/sampleNetwork.ts';
import { admit, patient, sampleGrant, sampleRules, type SampleRules } from '../test/sampleRules.ts';
import { UNTOLD_LIFE } from '../care/vitalRecords.ts';

const wanted: Erase = {
  log: 'care/hospital',
  handle: HANDLE,
  category: 'laboratory',
  epoch: 4,
  grant: ZERO32,
  purpose: 'PATRQT',
  deadline: NOW + 60,
  salt: `0x${'5a'.repeat(16)}`,
};

/** Rules by which the chart is in epoch 5. */
function rules(): SampleRules {
  const found = sampleRules();
  const chart = found.patients.get(HANDLE);
  assert.ok(chart);
  found.patients.set(HANDLE, { ...chart, epoch: 5, first: 5 });
  return found;
}

function judge(change: Partial<Erase> = {}, by: Signatory = patient, view = rules()): unknown {
  const request = sign(context, by, 'Erase', { ...wanted, ...change });
  authenticate(context, view, request);
  return judgeEvidence(context, network, view, request, { opening: sampleGrant() }, NOW);
}

describe('an erasure', () => {
  it('is the patient’s, up to any former epoch, as often as they like', () => {
    for (const epoch of [4, 1, 2, 4]) assert.deepEqual(judge({ epoch }), {});
  });

  const all = { add: true, amend: true, read: true };
  const refused: [string, ErrorCode, () => unknown][] = [
    ['by a doctor who may read, add and amend all', 'RIGHT_MISSING', () => judge({}, doctor)],
    [
      'by the grant of such a doctor',
      'RIGHT_MISSING',
      () => {
        const view = rules();
        return judge({ grant: admit(view, sampleGrant(all)) }, doctor, view);
      },
    ],
    [
      'by who controlled the chart before',
      'RIGHT_MISSING',
      () => {
        const view = rules();
        const chart = view.patients.get(HANDLE);
        if (chart) view.patients.set(HANDLE, { ...chart, controller: doctor.address });
        return judge({}, patient, view);
      },
    ],
    ['by who is not enrolled', 'PARTY_UNKNOWN', () => judge({}, signatory('stranger'))],
    ['with a grant, for none gives it', 'REQUEST_MALFORMED', () => judge({ grant: word('any') })],
    ['of the present epoch, to which others seal', 'REQUEST_MALFORMED', () => judge({ epoch: 5 })],
    ['of a future epoch', 'REQUEST_MALFORMED', () => judge({ epoch: 6 })],
    ['of epoch 0', 'REQUEST_MALFORMED', () => judge({ epoch: 0 })],
    ['of a handle that is nobody’s', 'NOT_FOUND', () => judge({ handle: word('nobody') })],
    ['after its deadline', 'REQUEST_LATE', () => judge({ deadline: NOW - 60 })],
    [
      'of a patient who is dead',
      'CHART_FROZEN',
      () => {
        const view = rules();
        view.lives.set(HANDLE, { ...UNTOLD_LIFE, death: { stage: 'confirmed', step: 2 } });
        return judge({}, patient, view);
      },
    ],
    [
      'of a suspended patient',
      'PARTY_SUSPENDED',
      () => {
        const view = rules();
        const facts = view.parties.get(patient.address);
        if (facts) view.parties.set(patient.address, { ...facts, suspended: true });
        return judge({}, patient, view);
      },
    ],
  ];
  for (const [what, code, run] of refused) {
    // @attack somebody else than the patient erases: a doctor with all rights, a stranger, who controlled the chart before | refused, as an entry on the patient’s audit
    // @attack a patient’s device erases the present or a future epoch, so that others’ writes vanish | refused
    it(`is refused ${what}`, () => {
      assert.throws(run, failsWith(code));
    });
  }

  it('tells a stranger nothing of the epoch', () => {
    for (const epoch of [0, 1, 5, 9]) {
      assert.throws(() => judge({ epoch }, doctor), failsWith('RIGHT_MISSING'));
    }
  });

  it('that was signed for another network is refused', () => {
    const elsewhere = { ...context, domain: { ...context.domain, salt: word('other') } };
    const request = sign(elsewhere, patient, 'Erase', wanted);
    assert.throws(() => authenticate(context, rules(), request), failsWith('SIGNATURE_INVALID'));
  });
});
