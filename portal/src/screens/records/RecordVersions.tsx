import type { ReactNode } from 'react';
import type { ChartRecord } from '../../../../src/client/index.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import type { NameOf } from '../../session/useNames.ts';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import classes from './RecordVersions.module.css';

/** Properties of `RecordVersions`. */
export interface RecordVersionsProps {
  readonly versions: readonly ChartRecord[];
  /** Number of the version that the page shows. */
  readonly shown: number;
  /** The person’s address. */
  readonly own: Address;
  readonly nameOf: NameOf;
  readonly onChosen: (version: number) => void;
}

/** Versions of a record, each with its time and author, to be chosen. */
export function RecordVersions(props: RecordVersionsProps): ReactNode {
  const { versions, shown, own, nameOf, onChosen } = props;
  const { say, moment } = useWords();
  return (
    <List items={versions} keyOf={(each) => each.version} look="list">
      {(each) => (
        <button
          type="button"
          className={classes['link']}
          aria-current={each.version === shown}
          onClick={() => onChosen(each.version)}
        >
          {say('records.version', {
            number: each.version,
            when: moment(each.at),
            who: nameOf(each.author),
            own: each.author === own ? 'yes' : 'no',
          })}
        </button>
      )}
    </List>
  );
}
