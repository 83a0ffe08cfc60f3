/**
 * The field that a choice of types stands in: `value[x]` of type `dateTime` is `valueDateTime`.
 *
 * @param choice - The name of the choice, which ends in `[x]`.
 * @param type - The type.
 */
export function typedName(choice: string, type: string): string {
  return choice.replace('[x]', type.charAt(0).toUpperCase() + type.slice(1));
}
