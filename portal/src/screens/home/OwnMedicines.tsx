import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { standingIn } from '../../../../src/fhir/effectiveResource.ts';
import { fieldOf } from '../../../../src/fhir/fieldOf.ts';
import { allergiesNow, doubtOf, isAllergy } from '../../fhir/allergiesNow.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { unreadIn } from '../../session/unreadIn.ts';
import { useWords } from '../../words/useWords.tsx';
import { ItemList } from '../chart/ItemList.tsx';
import { factsOf } from '../patient/personShown.ts';
import { HomePart, LABELLED, type OwnPartProps } from './HomePart.tsx';
import { onceEach } from './onceEach.ts';
import flagLook from '../../ui/FlagText.module.css';

/** Facts in the line of a medicine. */
const TOLD: readonly FhirWord[] = ['fhir.doNotPerform', 'fhir.dose', 'fhir.left', 'fhir.reason'];
/** Properties of `OwnMedicines`. */
export interface OwnMedicinesProps extends OwnPartProps {
  /** True where the way to prescriptions is offered. */
  readonly mayCollect: boolean;
}

/** The medicines that the patient takes now, what is left to collect of them, and the allergies. */
export function OwnMedicines({ own, mayCollect }: OwnMedicinesProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { active } = own.state.arranged.medicines;
  const items = onceEach(active, ['fhir.doNotPerform', 'fhir.dose', 'fhir.status'], words);
  const left = active.filter(({ resource }) => standingIn(resource) === 'active').length;
  return (
    <HomePart
      own={own}
      wide
      title={say('home.medicines')}
      category="medications"
      count={items.length}
      below={
        <>
          <p className="row">
            {left > 0 && mayCollect && (
              <Link href="/prescriptions">{say('home.collect', { count: left })}</Link>
            )}
            <Link href="/chart">{say('home.all-medicines')}</Link>
          </p>
          <OwnAllergies own={own} />
        </>
      }
    >
      <ItemList
        items={items}
        told={({ resource }) =>
          fieldOf(resource, 'status') === 'active' ? TOLD : [...TOLD, 'fhir.status']
        }
      />
    </HomePart>
  );
}

/** All allergies in a line, or that none is stated: it is never empty. */
function OwnAllergies({ own: { chart, state } }: OwnPartProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const allergies = allergiesNow(state.arranged);
  const hasAny = allergies.some(isAllergy);
  const gap = unreadIn(['allergies'], state, chart);
  const hasOthers = chart.records.some(
    ({ category }) => category === 'allergies' || category === LABELLED,
  );
  const said = allergies.map((item) => {
    const told = (['fhir.criticality', ...doubtOf(item)] as const).flatMap((word) =>
      factsOf([item], word, words),
    );
    return [sayFhir(item.title, words), ...told.map((value) => `(${value})`)].join(' ');
  });
  return (
    <p className={hasAny ? `${flagLook['flag']} ${flagLook['odd']}` : undefined}>
      <strong>{say('chart.allergies')}:</strong> {[...new Set(said)].join('; ')}
      {gap === undefined &&
        said.length === 0 &&
        say(hasOthers ? 'home.other-allergies' : 'home.no-allergies')}
      {gap !== undefined && ` ${say(gap === 'chart.still-reading' ? gap : 'chart.read-stopped')}`}
    </p>
  );
}
