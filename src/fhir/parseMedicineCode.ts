/**
 * Parses the code of a medicine as FHIR writes a token: system, `|`, code.
 *
 * @param text - As somebody typed it.
 * @returns Undefined if it is not one.
 */
export function parseMedicineCode(
  text: string,
): { readonly system: string; readonly code: string } | undefined {
  const [, system, code] = /^([^\s|]+)\|([^\s|]+)$/.exec(text.trim()) ?? [];
  return system === undefined || code === undefined ? undefined : { system, code };
}
