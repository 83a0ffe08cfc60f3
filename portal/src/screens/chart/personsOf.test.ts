import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anything, array, assert as forAll, property } from 'fast-check';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import { inEnglish } from '../../fhir/test/englishWords.ts';
import { entriesOf } from '../../fhir/test/entriesOf.ts';
import { personsOf } from './personsOf.ts';

const patient = (given: string, family: string, birthDate?: string): unknown => ({
  resourceType: 'Patient',
  name: [{ given: [given], family }],
  ...(birthDate !== undefined && { birthDate }),
});

function found(name: string | undefined, ...patients: readonly unknown[]): unknown {
  const { persons } = arrangeChart(entriesOf(patients));
  const { own, others, birthsDiffer } = personsOf(name, persons);
  const [ours, theirs] = [own, others].map((items) => items.map(({ title }) => inEnglish(title)));
  return { ours, theirs, birthsDiffer };
}

function differs(...dates: readonly string[]): unknown {
  return found('Teodor Lindqvist', ...dates.map((date) => patient('Teodor', 'Lindqvist', date)));
}

describe('the persons that the records of a chart name', () => {
  const teodor = patient('Teodor', 'Lindqvist', '1961-04-02');

  it('are the contact, by the whole name or a part of it, however it is written', () => {
    for (const name of ['Teodor Lindqvist', 'LINDQVIST, Teodor', 'Teodor', 'Dr. T. Lindqvist']) {
      const expected = { ours: ['Teodor Lindqvist'], theirs: [], birthsDiffer: false };
      assert.deepEqual(found(name, teodor), expected, name);
    }
  });

  it('are told apart by the contact’s name, also if every record names somebody else', () => {
    const expected = { ours: [], theirs: ['Teodor Lindqvist'], birthsDiffer: false };
    assert.deepEqual(found('Ana Ferreira', teodor), expected);
    assert.deepEqual(found('Ulla Lindqvist', teodor), expected);
    assert.deepEqual(found('Teodor Lindqvist', teodor, patient('Somebody', 'Else')), {
      ours: ['Teodor Lindqvist'],
      theirs: ['Somebody Else'],
      birthsDiffer: false,
    });
  });

  it('differ by birth dates under one name, and a year does not differ from a day of it', () => {
    assert.match(JSON.stringify(differs('1961-04-02', '1961-04-03')), /"birthsDiffer":true/);
    assert.match(JSON.stringify(differs('1961-04-02', '1961')), /"birthsDiffer":false/);
    assert.match(JSON.stringify(differs('1961', '1961-04-02', '1962')), /"birthsDiffer":true/);
  });

  it('are compared with each other if nobody has named the patient', () => {
    const expected = { ours: ['Teodor Lindqvist'], theirs: [], birthsDiffer: false };
    assert.deepEqual(found(undefined, teodor), expected);
    const both = ['Teodor Lindqvist', 'Somebody Else'];
    const others = found(undefined, teodor, patient('Somebody', 'Else'));
    assert.deepEqual(others, { ours: [], theirs: both, birthsDiffer: false });
  });

  it('may be anything', () => {
    forAll(
      property(array(anything()), (names) => {
        found('Teodor', { resourceType: 'Patient', name: names, birthDate: names[0] });
      }),
    );
  });
});
