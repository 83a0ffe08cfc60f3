import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLINICAL_FORMS } from '../../../../src/fhir/forms/clinicalForms.ts';
import { VITAL_SIGNS_FORM } from '../../../../src/fhir/forms/vitalSignsForm.ts';
import { changeField, emptyDraft, valuesShown, withoutGone, type FormDraft } from './formDraft.ts';

const EMPTY = emptyDraft(VITAL_SIGNS_FORM);
const at = (day: number, hour: number, minute = 0): number =>
  new Date(2026, 2, day, hour, minute).getTime();

let names = 0;
const name = (): string => `name-${(names += 1)}`;

function type(draft: FormDraft, field: 'pulse' | 'measured', text: string, now: number): FormDraft {
  return changeField(VITAL_SIGNS_FORM, draft, [field, text], { now, name });
}

const measured = (draft: FormDraft, now: number): string | undefined =>
  valuesShown(VITAL_SIGNS_FORM, draft, now).measured;

describe('the draft of a clinical form', () => {
  it('dates a measurement at the first value that is typed, not when the form was opened', () => {
    assert.equal(measured(EMPTY, at(14, 8)), '2026-03-14T08:00');
    const begun = type(EMPTY, 'pulse', '7', at(14, 11, 30));
    const typed = type(begun, 'pulse', '72', at(14, 11, 45));
    assert.equal(measured(typed, at(14, 12)), '2026-03-14T11:30');
  });

  it('asks for the moment again on another day, also after a value was changed then', () => {
    const monday = type(EMPTY, 'pulse', '72', at(14, 9));
    assert.equal(measured(monday, at(16, 9)), '');
    const wednesday = type(monday, 'pulse', '80', at(16, 9));
    assert.equal(measured(wednesday, at(16, 10)), '');
    const said = type(monday, 'measured', '2026-03-14T09:00', at(16, 9));
    assert.equal(measured(said, at(16, 10)), '2026-03-14T09:00');
  });

  it('leaves a moment empty that the person empties, and has the one that was stated before any value', () => {
    const begun = type(EMPTY, 'pulse', '72', at(14, 9));
    assert.equal(measured(type(begun, 'measured', '', at(14, 9)), at(14, 9)), '');
    const stated = type(EMPTY, 'measured', '2026-03-14T07:00', at(14, 9));
    assert.equal(measured(type(stated, 'pulse', '72', at(14, 9)), at(14, 9)), '2026-03-14T07:00');
  });

  it('has one name from the first key to the signature, and another one for each new filling', () => {
    const begun = type(EMPTY, 'pulse', '7', at(14, 9));
    assert.equal(type(begun, 'pulse', '72', at(16, 9)).filling, begun.filling);
    assert.notEqual(begun.filling, '');
    const blank = type(begun, 'pulse', '', at(14, 9));
    assert.deepEqual(blank, EMPTY);
    assert.notEqual(type(blank, 'pulse', '7', at(14, 9)).filling, begun.filling);
  });

  it('does not name a laboratory that is not to choose any more, and names it until that is known', () => {
    const [address, other] = [`0x${'1a'.repeat(20)}`, `0x${'2b'.repeat(20)}`];
    const values = { service: 'HbA1c', laboratory: address };
    const of = (parties: readonly { readonly address: string }[] | undefined) =>
      withoutGone(CLINICAL_FORMS.order, values, parties);
    assert.deepEqual(of(undefined), { values, isGone: false });
    assert.deepEqual(of([{ address: other }, { address }]), { values, isGone: false });
    const blank = { ...values, laboratory: '' };
    assert.deepEqual(of([{ address: other }]), { values: blank, isGone: true });
    const nobody = withoutGone(CLINICAL_FORMS.order, blank, []);
    assert.deepEqual(nobody, { values: blank, isGone: false });
  });
});
