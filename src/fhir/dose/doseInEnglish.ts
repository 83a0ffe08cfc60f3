import type { FormValues } from '../forms/FormField.ts';
import { DOSE_MOMENTS, DOSE_ROUTES, type DoseRoute } from './doseFields.ts';

/**
 * Says a structured dose in English, as the text of its resource has it for programs that read nothing else.
 *
 * @param dose - A dose without faults.
 */
export function doseInEnglish(dose: FormValues): string {
  const { amount, unit, days, route, needed } = dose;
  return [
    `${amount} ${unit}`,
    often(dose),
    days && (days === '1' ? 'for 1 day' : `for ${days} days`),
    route && DOSE_ROUTES[route as DoseRoute][1],
    needed === 'yes' && 'if needed',
  ]
    .filter(Boolean)
    .join(', ');
}

function often({
  often: rhythm = 'a-day',
  times,
  when = '',
  clock = '',
  hours,
  pause,
}: FormValues): string {
  switch (rhythm) {
    case 'moments':
      return when
        .split(' ')
        .map((each) => DOSE_MOMENTS[each as keyof typeof DOSE_MOMENTS])
        .join(', ');
    case 'by-clock':
      return `at ${clock.replaceAll(' ', ', ')}`;
    case 'by-hours':
      return hours === '1' ? 'every hour' : `every ${hours} hours`;
    case 'by-days':
      return pause === '1' ? 'once a day' : `once every ${pause} days`;
    default:
      return times === '1' ? 'once a day' : `${times} times a day`;
  }
}
