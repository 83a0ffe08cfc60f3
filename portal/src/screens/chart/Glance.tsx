import type { ReactNode } from 'react';
import { doubtOf } from '../../fhir/allergiesNow.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { useWords } from '../../words/useWords.tsx';
import { Fold } from './Fold.tsx';
import { ItemList } from './ItemList.tsx';
import { latestVitals } from './latestVitals.ts';
import { ChartPart } from './ChartPart.tsx';
import type { TabProps } from './TabProps.ts';
import { VitalsList } from './VitalsList.tsx';
import classes from './Glance.module.css';

/** Facts in the row of an allergy. */
const OF_ALLERGY: readonly FhirWord[] = [
  'fhir.criticality',
  'fhir.reactions',
  'fhir.severity',
  'fhir.status',
];

/** Shows allergies, problems, medicines and the newest vital signs first, and the rest of the story below. */
export function Glance({ state, covered, printing }: TabProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { arranged } = state;
  const { problems, allergies, medicines, immunizations, procedures, encounters, others } =
    arranged;
  const vitals = latestVitals(arranged.vitals);
  const part = { covered, state } as const;
  const former = (label: string, list: () => ReactNode, count: number): ReactNode =>
    count > 0 && (
      <Fold label={`${label} (${count})`} printing={printing}>
        {list}
      </Fold>
    );
  return (
    <div className={classes['glance']}>
      <ChartPart
        {...part}
        title={say('chart.allergies')}
        category="allergies"
        count={allergies.length}
      >
        <ItemList
          all={printing}
          items={allergies}
          told={(item) => [...doubtOf(item), ...OF_ALLERGY]}
        />
      </ChartPart>
      <ChartPart
        {...part}
        title={say('chart.problems')}
        category="conditions"
        count={problems.active.length}
      >
        <ItemList
          all={printing}
          items={problems.active}
          told={['fhir.severity', 'fhir.certainty']}
        />
      </ChartPart>
      <ChartPart
        {...part}
        title={say('chart.medicines')}
        category="medications"
        count={medicines.active.length}
      >
        <ItemList
          all={printing}
          items={medicines.active}
          told={['fhir.doNotPerform', 'fhir.dose', 'fhir.status', 'fhir.reason']}
        />
      </ChartPart>
      <ChartPart {...part} title={say('chart.vitals')} category="vitals" count={vitals.length}>
        <VitalsList vitals={arranged.vitals} />
      </ChartPart>
      <div className={classes['wide']}>
        {former(
          say('chart.former-problems'),
          () => (
            <ItemList
              all={printing}
              items={problems.resolved}
              told={['fhir.status', 'fhir.ended']}
            />
          ),
          problems.resolved.length,
        )}
        {former(
          say('chart.former-medicines'),
          () => (
            <ItemList
              all={printing}
              items={medicines.stopped}
              told={['fhir.status', 'fhir.reason']}
            />
          ),
          medicines.stopped.length,
        )}
        {former(
          say('chart.immunizations'),
          () => (
            <ItemList all={printing} items={immunizations} told={['fhir.status']} />
          ),
          immunizations.length,
        )}
        {former(
          say('chart.procedures'),
          () => (
            <ItemList all={printing} items={procedures} told={['fhir.status', 'fhir.reason']} />
          ),
          procedures.length,
        )}
        {former(
          say('chart.encounters'),
          () => (
            <ItemList all={printing} items={encounters} told={['fhir.reason', 'fhir.place']} />
          ),
          encounters.length,
        )}
        {former(
          say('chart.others'),
          () => (
            <ItemList all={printing} kinds items={others} told={['fhir.status']} />
          ),
          others.length,
        )}
      </div>
    </div>
  );
}
