import { useState, type ReactNode } from 'react';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { FactList } from '../../ui/FactList.tsx';
import { useWords } from '../../words/useWords.tsx';
import { List } from '../../ui/List.tsx';
import classes from './ItemList.module.css';

/** Told in every row. */
const ALWAYS: readonly FhirWord[] = [
  'fhir.objection',
  'fhir.answer_amended',
  'fhir.answer_declined',
  'fhir.answer_unread',
];

/** Properties of `ItemList`. */
export interface ItemListProps {
  readonly items: readonly ChartItem[];
  /** Facts that are told in the row itself, by their words. */
  readonly told?: readonly FhirWord[] | ((item: ChartItem) => readonly FhirWord[]);
  /** True if each row names its kind. */
  readonly kinds?: boolean;
  /** True while the page is printed: nothing is left out. */
  readonly all?: boolean;
}

/** Resources as rows; each opens to everything that it says. */
export function ItemList({
  items,
  told = [],
  kinds = false,
  all = false,
}: ItemListProps): ReactNode {
  return (
    <List className={classes['items']} all={all} items={items} keyOf={(_, place) => place}>
      {(item) => (
        <ItemRow item={item} told={typeof told === 'function' ? told(item) : told} kinds={kinds} />
      )}
    </List>
  );
}

/** Properties of `ItemRow`. */
export interface ItemRowProps {
  readonly item: ChartItem;
  /** Facts that are told in the row itself. */
  readonly told: readonly FhirWord[];
  /** True if the row names its kind. */
  readonly kinds: boolean;
  /** Stands behind the title, before these facts. */
  readonly beside?: ReactNode;
}

/** A resource as a row, which opens to everything that it says. */
export function ItemRow({ item, told, kinds, beside }: ItemRowProps): ReactNode {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const { title, when, facts, more, kindName } = item;
  const first = [...told, ...ALWAYS].flatMap((word) =>
    facts
      .filter(({ label }) => typeof label === 'object' && 'word' in label && label.word === word)
      .map(({ label, values }) => ({ label, values })),
  );
  return (
    <details className={classes['item']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {kinds && (
          <span className={`kind ${classes['whole-line']}`}>{sayFhir(kindName, words)}</span>
        )}
        <strong dir="auto">{sayFhir(title, words)}</strong>
        {beside}
        {first.map(({ label, values }, place) => (
          <span key={place} className={classes['told']}>
            {sayFhir(label, words)}:{' '}
            <bdi>{values.map((value) => sayFhir(value, words)).join(', ')}</bdi>
          </span>
        ))}
        {when !== undefined && (
          <span className={`when ${classes['at-end']}`}>{sayFhir(when, words)}</span>
        )}
      </summary>
      {open && (
        <FactList
          isForeign
          facts={[...facts, ...more].map(({ label, values }) => [
            sayFhir(label, words),
            ...values.map((value) => sayFhir(value, words)),
          ])}
        />
      )}
    </details>
  );
}
