import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle, Composition, Observation } from '@medplum/fhirtypes';
import { SummaryBuilder } from './patientSummary.ts';

const OF = { handle: `0x${'5a'.repeat(32)}`, at: 1_790_000_000 } as const;

function sectionsOf(summary: Bundle): NonNullable<Composition['section']> {
  const composition = summary.entry?.[0]?.resource;
  assert.ok(composition?.resourceType === 'Composition');
  return composition.section ?? [];
}

function measured(day: number, status: Observation['status'] = 'final'): Observation {
  const effectiveDateTime = new Date(day * 86_400_000).toISOString().slice(0, 10);
  return { resourceType: 'Observation', status, code: { text: `day ${day}` }, effectiveDateTime };
}

describe('a summary of a patient', () => {
  it('of an empty chart names the patient by the handle alone, and says that nothing is known', () => {
    const summary = new SummaryBuilder().build(OF);
    const [, patient] = summary.entry ?? [];
    assert.ok(patient?.resource?.resourceType === 'Patient');
    assert.equal(patient.resource.identifier?.[0]?.value, OF.handle);
    const titles = sectionsOf(summary).map(({ title, emptyReason }) => [
      title,
      emptyReason?.coding?.[0]?.code,
    ]);
    assert.deepEqual(titles, [
      ['Medication Summary', 'unavailable'],
      ['Allergies and Intolerances', 'unavailable'],
      ['Problem List', 'unavailable'],
    ]);
  });

  it('has the 50 newest measurements, whatever their order', () => {
    const builder = new SummaryBuilder();
    for (let day = 0; day < 1000; day++) {
      builder.add({ resource: measured((day * 7) % 1000) });
    }
    const results = sectionsOf(builder.build(OF)).find(({ title }) => title === 'Results');
    assert.equal(results?.entry?.length, 50);
    assert.match(results?.text?.div ?? '', /day 999, .*day 950, /s);
    assert.doesNotMatch(results?.text?.div ?? '', /day 949,/);
  });

  it('has nothing that its author took back', () => {
    const builder = new SummaryBuilder();
    builder.add({ resource: measured(1, 'entered-in-error') });
    assert.equal(sectionsOf(builder.build(OF)).length, 3);
  });

  it('gives each entry a name of its own, if two have one or none', () => {
    const builder = new SummaryBuilder();
    const fullUrl = 'urn:uuid:6f0f3e4a-5f5c-4f0e-8f5e-0a3d3d3d3d01';
    for (const day of [1, 2]) builder.add({ fullUrl, resource: measured(day) });
    builder.add({ fullUrl: 'Observation/3', resource: measured(3) });
    const urls = builder.build(OF).entry?.map((entry) => entry.fullUrl) ?? [];
    assert.equal(new Set(urls).size, 5);
    assert.ok(urls.every((url) => url?.startsWith('urn:uuid:') === true));
  });
});
