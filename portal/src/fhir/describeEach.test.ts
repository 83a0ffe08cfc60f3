import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEMO_CHARTS } from '../../../demo/charts/demoCharts.ts';
import { makeDemoVisits } from '../../../demo/charts/makeDemoVisits.ts';
import { seededRandom } from '../../../src/node/test/testNetwork.ts';
import { withBudget } from '../../../src/fhir/budget.ts';
import { describeEach } from './describeEach.ts';
import { describeResource } from './describeResource.ts';
import { resolverOf } from '../../../src/fhir/Resolve.ts';
import { sizeOf } from './sizeOf.ts';
import { entriesOf } from './test/entriesOf.ts';

const wide = (inner: unknown): unknown[] => Array.from({ length: 60 }, () => inner);

/** A medicine whose title takes long to find, and an order that asks for it again and again. */
function slow(): readonly unknown[] {
  return [
    { resourceType: 'Medication', id: 'a', code: wide(wide('')) },
    {
      resourceType: 'MedicationRequest',
      medicationReference: { reference: 'Medication/a' },
      note: wide(wide({ reference: 'Medication/a' })),
    },
  ];
}

describe('the description of a record', () => {
  it('says of a resource that takes too long its kind, and that it is too large', () => {
    const resources = slow();
    const [, order] = describeEach(resources, resolverOf(entriesOf(resources)));
    assert.deepEqual(order, {
      kind: 'MedicationRequest',
      kindName: { word: 'fhir.kind_MedicationRequest' },
      title: {
        parts: [{ word: 'fhir.kind_MedicationRequest' }, { word: 'fhir.tooLarge' }],
        joint: ': ',
      },
      facts: [],
      more: [],
      tooLarge: true,
    });
  });

  it('ends with its budget, after which each resource costs nothing', () => {
    const resources = Array.from({ length: 200 }, slow).flat();
    const most = 20_000 + 4 * sizeOf(resources);
    const read = (): unknown => [...describeEach(resources, resolverOf(entriesOf(resources)))];
    const { steps } = withBudget(1e12, read);
    assert.ok(steps <= most + 100 * resources.length, `${steps} of ${most}`);
  });

  it('tells everything that the demonstration’s charts say, with a tenth of the budget', () => {
    for (const { patient, earlier, newest } of DEMO_CHARTS) {
      const random = seededRandom('budget');
      const visits = [...earlier, newest];
      const { entry = [] } = makeDemoVisits({ random, at: 1_800_000_000, patient, visits });
      const entries = entriesOf(entry.map(({ resource }) => resource));
      const resources = entries.map(({ resource }) => resource);
      const resolve = resolverOf(entries);
      const { result, steps } = withBudget(1e12, () => [...describeEach(resources, resolve)]);
      assert.deepEqual(
        result,
        resources.map((resource) => describeResource(resource, resolve)),
      );
      assert.ok(steps <= 0.4 * sizeOf(resources), String(steps));
    }
  });

  it('is the same within another budget, from which its steps are taken', () => {
    const { result } = withBudget(1000, () => {
      const inner = withBudget(1e12, () => [...describeEach(slow())]);
      assert.equal(inner.result, undefined);
      assert.equal(inner.steps, 1000);
      return withBudget(1, () => 'rest').result;
    });
    assert.equal(result, 'rest');
  });
});
