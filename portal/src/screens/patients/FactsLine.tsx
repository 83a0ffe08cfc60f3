import { Fragment, type ReactNode } from 'react';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { FactsKept } from '../../session/factsKept.ts';
import { Chip } from '../../ui/Chip.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ageInWords } from '../patient/ageInWords.ts';
import { monthsSince } from '../patient/personShown.ts';

/** Properties of `FactsLine`. */
export interface FactsLineProps {
  /** The facts that the device keeps; undefined if the chart was not opened lately. */
  readonly facts: FactsKept | undefined;
  /** The moment, milliseconds. */
  readonly now: number;
}

/**
 * Age and allergies in the list of patients, with the moment of the view that showed them. The unknown is told apart from
 * none, and nothing is read for it.
 */
export function FactsLine({ facts, now }: FactsLineProps): ReactNode {
  const words = useWords();
  const { say, moment } = words;
  if (facts === undefined) return <span className="by">{say('patients.facts-none')}</span>;
  const { at, born, allergies } = facts;
  const months = born === undefined ? undefined : monthsSince(born, now);
  return (
    <>
      <span>
        {months === undefined ? say('patients.age-unknown') : ageInWords(months, say)}
        {' · '}
        {say('chart.allergies')}: {allergies === undefined && say('patients.allergies-unknown')}
        {allergies?.length === 0 && say('chart.banner-none')}
        {allergies?.map(({ title, told, isAllergy }, place) => (
          <Fragment key={place}>
            <Chip {...(isAllergy && { icon: 'triangle-alert', tone: 'danger' })}>
              <bdi>
                {[sayFhir(title, words), ...told.map((each) => `(${sayFhir(each, words)})`)].join(
                  ' ',
                )}
              </bdi>
            </Chip>{' '}
          </Fragment>
        ))}
      </span>
      <span className="by">{say('patients.facts-of', { when: moment(at) })}</span>
    </>
  );
}
