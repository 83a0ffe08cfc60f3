import { visibleText } from '../../../../src/errors/visibleText.ts';
import { useWords } from '../../words/useWords.tsx';

/**
 * Returns what writes an amount of hundredths in the person's form, with the code of the currency if it is given. The digits
 * are never a fraction in binary.
 */
export function useAmount(): (units: number, currency?: string) => string {
  const { locale } = useWords();
  return (units, currency) => {
    const isKnown = currency !== undefined && /^[A-Z]{3}$/.test(currency);
    const format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
      ...(isKnown && { style: 'currency', currency, currencyDisplay: 'code' }),
    });
    const digits = String(Math.abs(units)).padStart(3, '0');
    const exact = `${units < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
    const written = format.format(exact as `${number}`);
    return currency === undefined || isKnown ? written : `${written} ${visibleText(currency, 8)}`;
  };
}
