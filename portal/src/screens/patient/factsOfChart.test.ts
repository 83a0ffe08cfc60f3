import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Chart, ChartRecord } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import { englishWords } from '../../fhir/test/englishWords.ts';
import { entriesOf } from '../../fhir/test/entriesOf.ts';
import { concept, SNOMED } from '../../fhir/test/resources.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { ChartState } from '../../session/ChartReader.ts';
import { factsOfChart } from './factsOfChart.ts';

const RIGHT = `0x${'02'.repeat(32)}` as const;
const NEEDED = ['demographics', 'allergies'] as const;
const PENICILLIN = {
  resourceType: 'AllergyIntolerance',
  code: concept(SNOMED, '91936005', 'Allergy to penicillin'),
  criticality: 'high',
};
const NONE = {
  resourceType: 'AllergyIntolerance',
  code: { coding: [{ system: SNOMED, code: '716186003' }], text: 'No known allergy' },
};
const ANA = { resourceType: 'Patient', name: [{ text: 'Ana Ferreira' }], birthDate: '1961-02-03' };

function chartOf(categories: readonly string[] = NEEDED): Chart {
  const grant = { terms: { salt: RIGHT, categories } };
  return { grant, acknowledgement: { body: '{"at":1000}' } } as unknown as Chart;
}

function stateOf(resources: readonly unknown[], more: Partial<ChartState> = {}): ChartState {
  const state = { left: [], large: [], failures: [], recordOf: new Map(), ...more };
  return { ...state, arranged: arrangeChart(entriesOf(resources)) } as unknown as ChartState;
}

function allergiesSaid(...given: Parameters<typeof factsOfChart>): readonly string[] | undefined {
  return factsOfChart(...given)?.allergies?.map(({ title, told }) =>
    [title, ...told].map((each) => sayFhir(each, englishWords)).join(' '),
  );
}

function born(...persons: readonly unknown[]): string | undefined {
  return factsOfChart('Ana Ferreira', chartOf(), stateOf(persons), NEEDED)?.born;
}

describe('age and allergies for the list of patients', () => {
  it('are those of the banner, with the moment and the right of the view', () => {
    const { at, right, born, allergies } =
      factsOfChart('Ana Ferreira', chartOf(), stateOf([ANA, PENICILLIN]), NEEDED) ?? {};
    assert.deepEqual([at, right, born], [1000, RIGHT, '1961-02-03']);
    assert.deepEqual(
      allergies?.map(({ isAllergy }) => isAllergy),
      [true],
    );
    const said = allergiesSaid('Ana', chartOf(), stateOf([PENICILLIN]), NEEDED);
    assert.deepEqual(said, ['Allergy to penicillin high']);
  });

  it('tell “none recorded” and “no known allergy” apart from allergies that nobody could read', () => {
    const record = { category: 'allergies' } as unknown as ChartRecord;
    const failures = [{ record, error: new MedsealError('SEAL_UNREADABLE', {}) }];
    assert.deepEqual(allergiesSaid('Ana', chartOf(), stateOf([]), NEEDED), []);
    const stated = factsOfChart('Ana', chartOf(), stateOf([NONE]), NEEDED)?.allergies;
    assert.deepEqual(
      stated?.map(({ title, isAllergy }) => [title, isAllergy]),
      [[{ word: 'fhir.allergy_none' }, false]],
    );
    const open = { ...chartOf(), openerFor: () => ({}) } as unknown as Chart;
    for (const [chart, state] of [
      [chartOf(['demographics']), stateOf([])],
      [open, stateOf([PENICILLIN], { failures })],
    ] as const) {
      const facts = factsOfChart('Ana', chart, state, NEEDED);
      assert.deepEqual([facts?.at, facts?.allergies], [1000, undefined]);
    }
  });

  // @actor somebody who takes a reader's unlocked device | reads in the list what a sensitive record says
  it('have nothing of a sensitive record, and then do not pretend to be whole', () => {
    const record = { category: 'sensitive' } as unknown as ChartRecord;
    const recordOf = new Map<unknown, ChartRecord>([[PENICILLIN, record]]);
    const facts = factsOfChart('Ana', chartOf(), stateOf([PENICILLIN], { recordOf }), NEEDED);
    assert.deepEqual([facts?.at, facts?.allergies], [1000, undefined]);
  });

  it('are not there of the person’s own chart, nor before the records are read', () => {
    const { grant: _grant, ...own } = chartOf();
    assert.equal(factsOfChart('Ana', own as Chart, stateOf([]), NEEDED), undefined);
    const left = [{ category: 'allergies' } as unknown as ChartRecord];
    assert.equal(factsOfChart('Ana', chartOf(), stateOf([], { left }), NEEDED), undefined);
  });

  it('have no age of somebody who died, or whose records disagree', () => {
    assert.equal(born(ANA, { ...ANA, birthDate: '1962-02-03' }), undefined);
    assert.equal(born({ ...ANA, deceasedDateTime: '2020-01-01' }), undefined);
    assert.equal(born({ ...ANA, deceasedBoolean: true }), undefined);
    assert.equal(born({ ...ANA, deceasedBoolean: false }), '1961-02-03');
  });
});
