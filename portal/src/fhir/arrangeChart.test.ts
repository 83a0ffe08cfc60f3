import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anything, array, assert as forAll, property } from 'fast-check';
import { arrangeChart } from './arrangeChart.ts';
import type { ChartItem } from './ArrangedChart.ts';
import { inEnglish } from './test/englishWords.ts';
import { entriesOf } from './test/entriesOf.ts';
import { concept, HL7, observation } from './test/resources.ts';

const problem = (text: string, clinical?: string, rest: Record<string, unknown> = {}): unknown => ({
  resourceType: 'Condition',
  code: { text },
  ...(clinical !== undefined && { clinicalStatus: concept(`${HL7}/condition-clinical`, clinical) }),
  ...rest,
});
const titles = (items: readonly ChartItem[]): readonly string[] =>
  items.map(({ title }) => inEnglish(title));
const chart = (...resources: readonly unknown[]): ReturnType<typeof arrangeChart> =>
  arrangeChart(entriesOf(resources));

const verified = (code: string): Record<string, unknown> => ({
  verificationStatus: concept(`${HL7}/condition-ver-status`, code),
});

const allergy = (text: string, rest: Record<string, unknown>): unknown => ({
  resourceType: 'AllergyIntolerance',
  code: { text },
  ...rest,
});

const medicine = (status: unknown): unknown => ({
  resourceType: 'MedicationStatement',
  status,
  medicationCodeableConcept: { text: String(status) },
});

describe('a chart', () => {
  it('counts a problem as active unless it says that it is over, was ruled out or was an error', () => {
    const { problems, others } = chart(
      problem('Asthma', 'active', { onsetDateTime: '2001' }),
      problem('Relapsed', 'relapse', { onsetDateTime: '2005' }),
      problem('Silent'),
      problem('Odd status', 'whatever'),
      problem('Cold', 'resolved'),
      problem('Ended', undefined, { abatementDateTime: '2020' }),
      problem('Not it', 'active', verified('refuted')),
      problem('Wrong person', 'active', verified('entered-in-error')),
    );
    assert.deepEqual(titles(problems.active), ['Relapsed', 'Asthma', 'Silent', 'Odd status']);
    assert.deepEqual(titles(problems.resolved), ['Cold', 'Ended', 'Not it']);
    assert.deepEqual(titles(others), ['Wrong person']);
  });

  it('puts the allergies first that can kill', () => {
    const { allergies } = chart(
      allergy('Pollen', { criticality: 'low' }),
      allergy('Latex', { reaction: [{ severity: 'severe' }] }),
      allergy('Penicillin', { criticality: 'high' }),
    );
    assert.deepEqual(titles(allergies), ['Penicillin', 'Latex', 'Pollen']);
  });

  it('lists a medicine as taken unless its status says that it ended', () => {
    const all = ['active', 'on-hold', 'ACTIVE', undefined, 'stopped', 'completed', 'not-taken'];
    const { medicines } = chart(...all.map(medicine));
    assert.deepEqual(titles(medicines.active), ['active', 'on-hold', 'ACTIVE', 'undefined']);
    assert.deepEqual(titles(medicines.stopped), ['stopped', 'completed', 'not-taken']);
  });

  it('tells vital signs by category or code, and groups results by the report that names them', () => {
    const category = [concept(`${HL7}/observation-category`, 'vital-signs')];
    const { vitals, results, panels } = chart(
      observation('1', 70, '/min', '2024', { category }),
      observation('8867-4', 71, '/min', '2024'),
      observation('718-7', 13, 'g/dL', '2024', { id: 'hb' }),
      observation('2345-7', 90, 'mg/dL', '2024', { id: 'free' }),
      {
        resourceType: 'DiagnosticReport',
        code: { text: 'Blood count' },
        result: ['Observation/hb', 'Observation/hb', 'x'].map((reference) => ({ reference })),
      },
    );
    assert.deepEqual(
      vitals.map(({ title }) => inEnglish(title)),
      ['Test 1', 'Heart rate'],
    );
    assert.equal(results.length, 2);
    assert.deepEqual(
      panels.map(({ report, results }) => [report && inEnglish(report.title), titles(results)]),
      [
        ['Blood count', ['Test 718-7']],
        [undefined, ['Test 2345-7']],
      ],
    );
  });

  it('has the files of documents and reports, with type and size', () => {
    const record = 'ab'.repeat(32);
    const attachment = {
      contentType: 'Application/PDF',
      size: 2048,
      title: 'Letter',
      url: `Binary/${record}`,
    };
    const { documents } = chart(
      { resourceType: 'DocumentReference', content: [{ attachment }, { attachment: null }, 'x'] },
      {
        resourceType: 'DiagnosticReport',
        presentedForm: [{ contentType: 'text/plain', data: 'aGk=', size: -1 }],
      },
      { resourceType: 'DiagnosticReport', conclusion: 'no file' },
    );
    assert.deepEqual(
      documents.map(({ attachments }) => attachments),
      [
        [{ title: 'Letter', contentType: 'application/pdf', size: 2048, record: `0x${record}` }],
        [{ title: '', contentType: 'text/plain', data: 'aGk=' }],
      ],
    );
  });

  it('comes of anything', () => {
    forAll(
      property(array(anything()), anything(), (resources, value) => {
        chart(...resources);
        for (const resourceType of [
          'Condition',
          'AllergyIntolerance',
          'DiagnosticReport',
          'DocumentReference',
          'Media',
        ]) {
          chart({
            resourceType,
            clinicalStatus: value,
            verificationStatus: value,
            reaction: value,
            result: value,
            content: value,
            presentedForm: value,
            category: value,
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});
