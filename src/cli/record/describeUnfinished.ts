/**
 * Says in a sentence that an amendment of a whole FHIR bundle is not finished, and what to do.
 *
 * @param parts - Numbers of the parts of which it wrote a version, one or more.
 */
export function describeUnfinished(parts: readonly number[]): string {
  const those = parts.length === 1 ? `part ${parts[0]}` : `parts ${parts.join(', ')}`;
  return `An amendment of the whole bundle is on its way, or was broken off after ${those}: this is the bundle before it. If it stays so, amend the bundle as a whole again.`;
}
