import type { Entry } from '../../../../src/fhir/Resolve.ts';

/** Resources of one bundle, without addresses of their own. */
export function entriesOf(resources: readonly unknown[]): readonly Entry[] {
  return resources.map((resource) => ({ bundle: 'one', resource }));
}
