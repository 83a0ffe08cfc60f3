/**
 * The first derived value that is accepted: that of the label itself, then of `label/1`, `label/2`, … A scalar of
 * secp256k1 needs this about once in 2^128 seeds.
 *
 * @param label - The label that the value is derived under.
 * @param derive - Derives a value under a label.
 * @param accept - True if the value will do.
 */
export function firstAccepted(
  label: string,
  derive: (label: string) => Uint8Array,
  accept: (candidate: Uint8Array) => boolean,
): Uint8Array {
  let candidate = derive(label);
  for (let counter = 1; !accept(candidate); counter++) candidate = derive(`${label}/${counter}`);
  return candidate;
}
