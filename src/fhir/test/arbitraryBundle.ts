import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import * as fc from 'fast-check';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { parseFhirJson } from '../parseFhirJson.ts';
import { arbitraryNumber } from './arbitraryJson.ts';

const TYPES = [
  'Patient',
  'Encounter',
  'Observation',
  'Condition',
  'Claim',
  'Composition',
  'Parameters',
];

const coding = fc.record({
  coding: fc.array(
    fc.record({
      system: fc.constantFrom('http://loinc.org', 'http://example.org'),
      code: fc.constantFrom('laboratory', 'vital-signs', 'survey', '64297-5', '69453-9'),
    }),
    { maxLength: 2 },
  ),
});

/** A measurement, as precise as its digits say. */
const quantity = arbitraryNumber.map((text) =>
  parseFhirJson(utf8ToBytes(`{"value":${text},"unit":"mg"}`)),
);

const meta = fc.record({
  security: fc.array(
    fc.record({
      system: fc.constant('http://terminology.hl7.org/CodeSystem/v3-Confidentiality'),
      code: fc.constantFrom('N', 'R'),
    }),
    { maxLength: 2 },
  ),
});

const reference = fc.record({
  reference: fc.constantFrom('Encounter/1', 'urn:uuid:1', 'Patient/1'),
});

const entry = fc.record(
  {
    fullUrl: fc.constantFrom('urn:uuid:1', 'urn:uuid:2', 'http://example.org/Encounter/1'),
    resource: fc.record(
      {
        resourceType: fc.constantFrom(...TYPES),
        id: fc.constantFrom('1', '2'),
        meta,
        contained: fc.array(fc.record({ resourceType: fc.constantFrom(...TYPES), meta }), {
          maxLength: 2,
        }),
        category: fc.array(coding, { maxLength: 2 }),
        code: coding,
        type: coding,
        encounter: reference,
        context: fc.oneof(reference, fc.record({ encounter: fc.array(reference) })),
        item: fc.array(fc.record({ encounter: fc.array(reference) })),
        extension: fc.jsonValue(),
        valueQuantity: quantity,
      },
      { requiredKeys: ['resourceType'] },
    ),
    request: fc.record({ method: fc.constant('POST'), url: fc.string() }),
  },
  { requiredKeys: [] },
);

/** Bundles of any shape that splitting has to preserve; not necessarily valid. */
export const arbitraryBundle: fc.Arbitrary<Bundle> = fc
  .record(
    {
      resourceType: fc.constant('Bundle' as const),
      type: fc.constantFrom('collection' as const, 'transaction' as const),
      id: fc.string(),
      meta: fc.dictionary(fc.string(), fc.jsonValue()),
      entry: fc.array(entry as unknown as fc.Arbitrary<BundleEntry>, {
        minLength: 1,
        maxLength: 25,
      }),
    },
    { requiredKeys: ['resourceType', 'type'] },
  )
  .map((bundle) => bundle as Bundle);
