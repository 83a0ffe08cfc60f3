/**
 * Returns what a parser makes of something from outside; undefined if it throws.
 *
 * @param parse - The parser.
 */
export function unlessMalformed<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
