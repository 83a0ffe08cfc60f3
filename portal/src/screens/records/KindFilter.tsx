import { useState, type ReactNode } from 'react';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { CATEGORY_ICONS } from '../../ui/categoryIcons.ts';
import { Icon } from '../../ui/Icon.tsx';
import { useWords } from '../../words/useWords.tsx';
import { kindsOf, type RecordLine } from './recordLines.ts';
import filtersLook from '../../ui/Filters.module.css';

/** Kinds that are shown before somebody asks for more: those of the most records. */
const FIRST = 6;

/** Properties of `KindFilter`. */
export interface KindFilterProps {
  readonly lines: readonly RecordLine[];
  /** The kind that is chosen; undefined for all. */
  readonly kind: Category | undefined;
  readonly onChoose: (kind: Category | undefined) => void;
}

/** The kinds that a list of records has, to show one of them. */
export function KindFilter({ lines, kind, onChoose }: KindFilterProps): ReactNode {
  const { say } = useWords();
  const [isWhole, setWhole] = useState(false);
  const counts = new Map<Category, number>();
  for (const each of lines.flatMap(kindsOf)) counts.set(each, (counts.get(each) ?? 0) + 1);
  if (counts.size < 2) return null;
  const kinds = [...counts].toSorted(([, left], [, right]) => right - left).map(([each]) => each);
  const shown = kinds.filter((each, place) => isWhole || place < FIRST || each === kind);
  return (
    <div className={filtersLook['filters']} role="group" aria-label={say('records.kinds')}>
      {[undefined, ...shown].map((each) => (
        <button
          key={each ?? ''}
          type="button"
          className={filtersLook['filter']}
          aria-pressed={kind === each}
          onClick={() => onChoose(each)}
        >
          {each !== undefined && <Icon name={CATEGORY_ICONS[each]} />}
          {each === undefined ? say('records.all-kinds') : say(`common.category-${each}`)}{' '}
          <span className="by">{each === undefined ? lines.length : counts.get(each)}</span>
        </button>
      ))}
      {kinds.length > FIRST && (
        <button
          type="button"
          className={filtersLook['filter']}
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {say('records.more-kinds')}
        </button>
      )}
    </div>
  );
}
