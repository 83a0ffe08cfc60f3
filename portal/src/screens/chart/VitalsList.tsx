import type { ReactNode } from 'react';
import { amountsInWords } from '../../fhir/amountsInWords.ts';
import type { Series } from '../../fhir/measurementsOf.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { List } from '../../ui/List.tsx';
import { Value } from '../../ui/Value.tsx';
import { useWords } from '../../words/useWords.tsx';
import { FlagText } from '../../ui/FlagText.tsx';
import { latestVitals } from './latestVitals.ts';
import classes from './VitalsList.module.css';

/** Properties of `VitalsList`. */
export interface VitalsListProps {
  /** Series of vital signs. */
  readonly vitals: readonly Series[];
}

/** The newest value of each vital sign; of a blood pressure, both. */
export function VitalsList({ vitals }: VitalsListProps): ReactNode {
  const words = useWords();
  return (
    <List className={classes['vitals']} all items={latestVitals(vitals)} keyOf={({ key }) => key}>
      {({ title, parts, when }) => (
        <>
          <span dir="auto">{sayFhir(title, words)}</span>
          <strong>
            <Value>
              {amountsInWords(
                parts.map(({ amount }) => amount),
                words,
              )}
            </Value>
          </strong>
          {parts.map(({ flag }, place) => (
            <FlagText key={place} flag={flag} />
          ))}
          {when !== undefined && <span className="when">{sayFhir(when, words)}</span>}
        </>
      )}
    </List>
  );
}
