import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fillForm } from '../../../src/fhir/forms/fillForm.ts';
import { writeFhirJson } from '../../../src/fhir/writeFhirJson.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../src/node/test/testNetwork.ts';
import { addFhir, type FhirAdded } from './addFhir.ts';

const idOf = ({ records: [record] }: FhirAdded): string | undefined => record?.record;

describe('a form that is put on a chart', () => {
  let network: TestNetwork;
  let care: Care;

  before(async () => {
    network = await startTestNetwork();
    care = await startCare(network);
  });

  after(async () => {
    await network.close();
  });

  async function add(filling: string): Promise<FhirAdded> {
    const { patient, handle } = care;
    const bundle = fillForm(
      'allergy',
      { substance: 'Latex' },
      {
        handle,
        author: patient.address,
        at: BEGIN,
      },
    );
    const content = new Blob([writeFhirJson(bundle)]);
    const wanted = { handle, purpose: 'PATRQT', content, anotherPatient: false } as const;
    return (await addFhir(patient, { ...wanted, filling })) ?? assert.fail();
  }

  it('is a record of its own each time it is filled in, and one if it is signed again after a failure', async () => {
    const [first, again, refilled] = [await add('one'), await add('one'), await add('two')];
    assert.equal(idOf(again), idOf(first));
    assert.notEqual(idOf(refilled), idOf(first));
    assert.deepEqual([first.already, again.already, refilled.already], [false, true, false]);
  });
});
