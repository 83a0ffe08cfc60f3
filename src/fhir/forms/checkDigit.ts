/** Products of the dihedral group of the pentagon (Verhoeff 1969). */
const PRODUCT = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
].map(digitsOf);
/** Verhoeff's permutation, once for each place from the right. */
const PERMUTED = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
].map(digitsOf);

/**
 * Tells whether a number's last digit is the check digit of those before it, as Verhoeff has it: so do codes of SNOMED CT.
 *
 * @param digits - Digits alone.
 */
export function hasVerhoeffDigit(digits: string): boolean {
  const fromRight = digitsOf(digits).toReversed();
  const check = fromRight.reduce(
    (product, digit, place) =>
      PRODUCT[product]?.[PERMUTED[place % PERMUTED.length]?.[digit] ?? 0] ?? 0,
    0,
  );
  return check === 0;
}

/**
 * Tells whether a number's last digit is the check digit of those before it, by Luhn's formula: so do codes of LOINC.
 *
 * @param digits - Digits alone.
 */
export function hasLuhnDigit(digits: string): boolean {
  const fromRight = digitsOf(digits).toReversed();
  const sum = fromRight.reduce((total, digit, place) => {
    const weighted = place % 2 === 0 ? digit : digit * 2;
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}

function digitsOf(text: string): readonly number[] {
  return Array.from(text, Number);
}
