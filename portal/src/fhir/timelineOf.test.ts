import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrangeChart } from './arrangeChart.ts';
import { entriesOf } from './test/entriesOf.ts';
import { timelineOf } from './timelineOf.ts';

const RESOURCES = [
  { resourceType: 'Patient', name: [{ text: 'Ana' }], birthDate: '1961-02-03' },
  { resourceType: 'Encounter', status: 'finished', period: { start: '2024-03-01T09:00:00Z' } },
  { resourceType: 'DocumentReference', status: 'current', date: '2024-03-01T10:00:00Z' },
  {
    resourceType: 'MedicationRequest',
    status: 'active',
    authoredOn: '2025-01-05',
    medicationCodeableConcept: { text: 'Metformin' },
  },
  { resourceType: 'Observation', id: 'hb', code: { text: 'Hb' }, effectiveDateTime: '2024-02' },
  { resourceType: 'Condition', code: { text: 'Asthma' } },
  { resourceType: 'CarePlan', status: 'active', created: '2020' },
];

describe('the timeline of a chart', () => {
  it('has notes, encounters, results and medicines in one course of time, newest first, and nobody’s details', () => {
    const { entries, undated } = timelineOf(arrangeChart(entriesOf(RESOURCES)));
    assert.deepEqual(
      entries.map(({ kind, when }) => [kind, when.date]),
      [
        ['medicines', '2025-01-05'],
        ['notes', '2024-03-01T10:00:00Z'],
        ['encounters', '2024-03-01T09:00:00Z'],
        ['results', '2024-02'],
        ['others', '2020'],
      ],
    );
    assert.equal(undated, 1, 'the problem without a date is counted');
  });

  it('counts a report of words alone among the notes', () => {
    const note = {
      resourceType: 'DiagnosticReport',
      status: 'final',
      effectiveDateTime: '2024-02-02',
      code: { text: 'Progress note' },
      presentedForm: [{ contentType: 'text/plain', data: 'SGVsbG8=' }],
    };
    const { entries } = timelineOf(arrangeChart(entriesOf([note])));
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['notes'],
    );
  });

  it('tells the results of a report by the report alone', () => {
    const [result] = RESOURCES.filter(({ resourceType }) => resourceType === 'Observation');
    const report = {
      resourceType: 'DiagnosticReport',
      status: 'final',
      effectiveDateTime: '2024-02-02',
      code: { text: 'Blood count' },
      result: [{ reference: 'Observation/hb' }],
    };
    const arranged = arrangeChart([
      { bundle: 'one', url: 'Observation/hb', resource: result },
      { bundle: 'one', resource: report },
    ]);
    assert.deepEqual(
      timelineOf(arranged).entries.map(({ item, results }) => [item.kind, results.length]),
      [['DiagnosticReport', 1]],
    );
  });
});
