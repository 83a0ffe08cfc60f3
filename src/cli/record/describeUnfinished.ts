/**
 * Says in a sentence that newer versions of parts are not in a whole FHIR bundle, what that can mean, and what to do.
 *
 * @param parts - Numbers of the parts, one or more.
 */
export function describeUnfinished(parts: readonly number[]): string {
  const those = parts.length === 1 ? `part ${parts[0]}` : `parts ${parts.join(', ')}`;
  return `The newest version of ${those} is not in this bundle: an amendment of the whole bundle is unfinished, or the version does not fit. If this stays, amend the whole bundle again.`;
}
