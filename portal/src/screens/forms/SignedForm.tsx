import type { Bundle } from '@medplum/fhirtypes';
import type { ReactNode } from 'react';
import { describeEach } from '../../fhir/describeEach.ts';
import { measurementsOf } from '../../fhir/measurementsOf.ts';
import { shownText } from '../../fhir/shownText.ts';
import { ResourceCard } from '../../ui/ResourceCard.tsx';
import { useWords } from '../../words/useWords.tsx';
import { VitalsList } from '../chart/VitalsList.tsx';
import { codesSigned } from './codesSigned.ts';

/** Properties of `SignedForm`. */
export interface SignedFormProps {
  /** The resources that a form made. */
  readonly bundle: Bundle;
  /** The author’s note. */
  readonly note: string | undefined;
}

/** The words that a person signs with a form: its resources, as charts show them. */
export function SignedForm({ bundle, note = '' }: SignedFormProps): ReactNode {
  const { say } = useWords();
  const resources = (bundle.entry ?? []).map(({ resource }) => resource);
  const vitals = measurementsOf(resources);
  const codes = codesSigned(bundle);
  return (
    <>
      {vitals.length > 0 ? (
        <>
          <VitalsList vitals={vitals} />
          {note !== '' && (
            <p>
              {say('fhir.note')}: {shownText(note)}
            </p>
          )}
        </>
      ) : (
        <>
          {[...describeEach(resources)].map((described, place) => (
            <ResourceCard key={place} described={described} />
          ))}
          {codes.length > 0 && (
            <p>
              {say('forms.code')}: <bdi>{codes.join(', ')}</bdi>
            </p>
          )}
        </>
      )}
    </>
  );
}
