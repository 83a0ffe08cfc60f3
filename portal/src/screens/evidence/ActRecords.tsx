import { Fragment, type ReactNode } from 'react';
import { Link } from 'wouter';
import { titleKey } from '../../session/titleKey.ts';
import type { Titles } from '../../session/titles.ts';
import { useWords } from '../../words/useWords.tsx';
import type { RecordConcerned } from './actsInGroup.ts';
import { List } from '../../ui/List.tsx';
import classes from './Evidence.module.css';

/** Titles that are shown of one kind. */
const MOST = 3;

/** Properties of `ActRecords`. */
export interface ActRecordsProps {
  readonly records: readonly RecordConcerned[];
  /** Titles that the patient's device or session knows. */
  readonly titles: Titles;
}

/** Says how many records of each kind somebody read or wrote, with the titles of some; those of sensitive records stay unsaid. */
export function ActRecords({ records, titles }: ActRecordsProps): ReactNode {
  const { say } = useWords();
  const byKind = Map.groupBy(records, ({ category }) => category);
  const kinds = [...byKind].toSorted(([, one], [, other]) => other.length - one.length);
  return (
    <List className={classes['kinds']} items={kinds} keyOf={([category]) => category ?? ''}>
      {([category, ofKind]) => {
        // A record whose kind is unknown may be sensitive.
        const isSaid = category !== undefined && category !== 'sensitive';
        const titled = isSaid ? namedIn(ofKind, titles) : [];
        const rest = ofKind.length - titled.length;
        return (
          <>
            {say('evidence.of-kind', {
              kind:
                category === undefined
                  ? say('evidence.unlisted')
                  : say(`common.category-${category}`),
              count: ofKind.length,
            })}
            {titled.length > 0 && ': '}
            {titled.map(([{ record }, title], place) => (
              <Fragment key={title}>
                {place > 0 && '; '}
                <Link href={`/records/${record}`}>{title}</Link>
              </Fragment>
            ))}
            {titled.length > 0 && rest > 0 && ` ${say('evidence.and-more', { count: rest })}`}
          </>
        );
      }}
    </List>
  );
}

/** The first records with a title, each title once. */
function namedIn(
  records: readonly RecordConcerned[],
  titles: Titles,
): readonly (readonly [RecordConcerned, string])[] {
  const found = new Map<string, RecordConcerned>();
  for (const each of records) {
    const title = titles[titleKey(each)];
    if (title !== undefined && title !== '' && !found.has(title)) found.set(title, each);
    if (found.size === MOST) break;
  }
  return [...found].map(([title, each]) => [each, title] as const);
}
