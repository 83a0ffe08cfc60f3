/**
 * Says in a sentence that parts of a FHIR bundle are not there, what that can mean, and what to do.
 *
 * @param missing - Their numbers, one or more.
 */
export function describeMissing(missing: readonly number[]): string {
  const those = missing.length === 1 ? `part ${missing[0]} is` : `parts ${missing.join(', ')} are`;
  return `Of the bundle, ${those} missing here: not copied yet, withdrawn, not covered by your right, or withheld by the node. Try again in a moment.`;
}
