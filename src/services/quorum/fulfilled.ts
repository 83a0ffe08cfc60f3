/**
 * Returns the answers; refusals and silence are passed over.
 *
 * @param answers - As `askQuorum` gives them.
 */
export function fulfilled<Answer>(
  answers: readonly PromiseSettledResult<Answer>[],
): readonly Answer[] {
  return answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
}
