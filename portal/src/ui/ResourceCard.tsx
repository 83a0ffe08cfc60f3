import type { ReactNode } from 'react';
import type { Described } from '../fhir/describeResource.ts';
import { sayFhir } from '../fhir/sayFhir.ts';
import { useWords } from '../words/useWords.tsx';
import { FactList } from './FactList.tsx';
import classes from './ResourceCard.module.css';

/** Properties of `ResourceCard`. */
export interface ResourceCardProps {
  /** Description of a resource. */
  readonly described: Described;
}

/** A FHIR resource in plain words. */
export function ResourceCard({ described }: ResourceCardProps): ReactNode {
  const words = useWords();
  const { kindName, title, when, facts, more } = described;
  const list = (told: typeof facts): ReactNode => (
    <FactList
      facts={told.map(({ label, values }) => [
        sayFhir(label, words),
        ...values.map((value) => sayFhir(value, words)),
      ])}
    />
  );
  return (
    <article className={classes['resource']}>
      <p className="kind">{sayFhir(kindName, words)}</p>
      <h2>{sayFhir(title, words)}</h2>
      {when && <p className="when">{sayFhir(when, words)}</p>}
      {list(facts)}
      {more.length > 0 && (
        <details>
          <summary>{words.say('records.more')}</summary>
          {list(more)}
        </details>
      )}
    </article>
  );
}
