import type { FormValues } from './FormField.ts';

/** Least and most that bodies have, kg/m²: beyond, one of the two was most likely taken in another unit. */
const [LOW, HIGH] = [8, 80];

/**
 * Returns the body mass index of a weight and a height that do not fit each other, such as one in pounds or in inches.
 *
 * @param values - Of a form, as they were typed.
 * @returns kg/m²; undefined if one of them is missing, or both can be true.
 */
export function unlikelyBodyMassIndex({
  weight = '',
  height = '',
}: FormValues): number | undefined {
  const [kilograms, centimetres] = [weight, height].map((text) => Number(text.replace(',', '.')));
  if (!kilograms || !centimetres) return undefined;
  const index = kilograms / (centimetres / 100) ** 2;
  return index >= LOW && index <= HIGH ? undefined : index;
}
