import type { ReactNode } from 'react';
import type { Fact } from '../../fhir/describeResource.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { useWords } from '../../words/useWords.tsx';

/** Shows what a resource says, one line each. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  const words = useWords();
  return (
    <dl>
      {facts.map(({ label, values }, place) => (
        <div key={place}>
          <dt dir="auto">{sayFhir(label, words)}</dt>
          {values.map((value, at) => (
            <dd key={at} dir="auto">
              {sayFhir(value, words)}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
