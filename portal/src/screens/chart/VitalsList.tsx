import type { ReactNode } from 'react';
import { amountsInWords } from '../../fhir/amountsInWords.ts';
import type { Series } from '../../fhir/measurementsOf.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { useWords } from '../../words/useWords.tsx';
import { FlagText } from './FlagText.tsx';
import { latestVitals } from './latestVitals.ts';

/** Properties of `VitalsList`. */
export interface VitalsListProps {
  /** Series of vital signs. */
  readonly vitals: readonly Series[];
}

/** The newest value of each vital sign; of a blood pressure, both. */
export function VitalsList({ vitals }: VitalsListProps): ReactNode {
  const words = useWords();
  return (
    <ul className="vitals">
      {latestVitals(vitals).map(({ key, title, parts, when }) => (
        <li key={key}>
          <span dir="auto">{sayFhir(title, words)}</span>
          <strong>
            {amountsInWords(
              parts.map(({ amount }) => amount),
              words,
            )}
          </strong>
          {parts.map(({ flag }, place) => (
            <FlagText key={place} flag={flag} />
          ))}
          {when !== undefined && <span className="when">{sayFhir(when, words)}</span>}
        </li>
      ))}
    </ul>
  );
}
