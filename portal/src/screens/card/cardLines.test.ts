import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import { englishWords } from '../../fhir/test/englishWords.ts';
import { entriesOf } from '../../fhir/test/entriesOf.ts';
import { concept, LOINC, SNOMED } from '../../fhir/test/resources.ts';
import { cardLines } from './cardLines.ts';
import { LONGEST_LINE } from '../../session/EmergencyCard.ts';

function linesOf(...resources: readonly unknown[]): readonly string[] {
  const arranged = arrangeChart(entriesOf(resources));
  return cardLines(arranged, englishWords).map(({ group, text }) => `${group}: ${text}`);
}

function allergy(text: string, more: object = {}): unknown {
  return { resourceType: 'AllergyIntolerance', code: concept(SNOMED, text, text), ...more };
}

function bloodGroup(more: object = {}): unknown {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: concept(LOINC, '882-1', 'ABO and Rh group'),
    valueCodeableConcept: { text: 'A Rh positive' },
    ...more,
  };
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';

describe('the lines for a card', () => {
  it('are allergies with their reactions, active problems and medicines, and the blood group', () => {
    const active = {
      clinicalStatus: concept('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
    };
    const reaction = [{ manifestation: [{ text: 'Hives' }] }];
    const lines = linesOf(
      allergy('Peanut', { criticality: 'high', reaction }),
      { resourceType: 'Condition', code: { text: 'Asthma' }, ...active },
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        medicationCodeableConcept: { text: 'Salbutamol' },
      },
      bloodGroup(),
    );
    assert.equal(lines.length, 4);
    assert.match(lines[0] ?? '', /^allergies: Peanut · .*: .* · .*: Hives$/);
    assert.deepEqual(lines.slice(1), [
      'medicines: Salbutamol',
      'problems: Asthma',
      'blood: ABO and Rh group · A Rh positive',
    ]);
  });

  it('are kept without the marks that keep their order on a page in Arabic', () => {
    const arranged = arrangeChart(entriesOf([allergy('Peanut 5 mg'), bloodGroup()]));
    const lines = cardLines(arranged, { ...englishWords, locale: 'ar' });
    assert.deepEqual(
      lines.map(({ text }) => text),
      ['Peanut 5 mg', 'ABO and Rh group · A Rh positive'],
    );
  });

  it('leave out what was stopped, resolved or taken back, and other measurements', () => {
    const resolved = {
      clinicalStatus: concept(
        'http://terminology.hl7.org/CodeSystem/condition-clinical',
        'resolved',
      ),
    };
    const lines = linesOf(
      { resourceType: 'Condition', code: { text: 'Measles' }, ...resolved },
      {
        resourceType: 'MedicationRequest',
        status: 'stopped',
        medicationCodeableConcept: { text: 'Aspirin' },
      },
      bloodGroup({ status: 'entered-in-error' }),
      bloodGroup({ code: concept(LOINC, '4548-4', 'HbA1c') }),
    );
    assert.deepEqual(lines, []);
  });

  it('leave out an allergy that is refuted or over, and tell of one that is not confirmed', () => {
    const certainty = (code: string): object => ({
      verificationStatus: concept(`${HL7}/allergyintolerance-verification`, code),
    });
    const over = { clinicalStatus: concept(`${HL7}/allergyintolerance-clinical`, 'resolved') };
    const lines = linesOf(
      allergy('Latex', certainty('refuted')),
      allergy('Milk', certainty('entered-in-error')),
      allergy('Egg', over),
      allergy('Walnut', certainty('unconfirmed')),
    );
    assert.deepEqual(lines, ['allergies: Walnut · Certainty: not confirmed']);
  });

  it('show hostile text in one line that is no longer than a line may be, and each text once', () => {
    const [line = '', ...more] = linesOf(
      allergy(`<b>x</b>\n\u202e${'y'.repeat(10_000)}`),
      allergy(`<b>x</b>\n\u202e${'y'.repeat(10_000)}`),
    );
    assert.deepEqual(more, []);
    assert.ok(line.startsWith('allergies: <b>x</b> \\u{202e}yyy'), line.slice(0, 60));
    assert.ok(Array.from(line).length <= LONGEST_LINE + 'allergies: '.length + 1);
  });
});
