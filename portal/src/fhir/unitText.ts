import { shownText } from './shownText.ts';

/** Units of UCUM whose code is not what people write. */
const WRITTEN: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  'cm[H2O]': 'cmH₂O',
  Cel: '°C',
  '[degF]': '°F',
  '[in_i]': 'in',
  '[ft_i]': 'ft',
  '[lb_av]': 'lb',
  '[oz_av]': 'oz',
  '[pH]': '',
  '1': '',
  deg: '°',
  Ohm: 'Ω',
  mo: 'mo',
};

/**
 * The unit of a quantity as people write it: `mmHg` for UCUM's `mm[Hg]`, `10³/µL` for `10*3/uL`. A note in braces, such as
 * what was counted, stays as text.
 *
 * @param unit - Unit as its author wrote it for people, or its UCUM code.
 */
export function unitText(unit: unknown): string {
  const text = shownText(unit, 60).replaceAll('\n', ' ');
  if (Object.hasOwn(WRITTEN, text)) return WRITTEN[text] ?? '';
  return (
    text
      .replace(/\{1\.73_m2\}/g, '1.73 m²')
      .replace(/^10\*(\d{1,2})/, (_, power: string) => `10${raised(power)}`)
      .replace(/\[([iI])U\]/g, 'IU')
      .replace(/mm\[Hg\]/g, 'mmHg')
      .replace(/\b(k?)([mc]?m)([23])\b/g, (_, kilo: string, metre: string, power: string) => {
        return `${kilo}${metre}${raised(power)}`;
      })
      .replace(/(^|[/.])u([a-zA-Z])/g, '$1µ$2')
      // Braces after `\u` name a hidden character: they are no note of what was counted.
      .replace(/(?<!\\u)(^|[/.])?\{([^}]*)\}/g, (_, before: string | undefined, note: string) => {
        const words = note.replaceAll('_', ' ').trim();
        return before === undefined && words !== '' ? ` ${words}` : (before ?? '') + words;
      })
      .replace(/\/$/, '')
      .trim()
  );
}

function raised(digits: string): string {
  return Array.from(digits, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '').join('');
}
