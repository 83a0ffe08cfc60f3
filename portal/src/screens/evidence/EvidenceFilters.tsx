import type { ReactNode } from 'react';
import type { Address } from '../../../../src/protocol/ids.ts';
import { Icon } from '../../ui/Icon.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import classes from './Evidence.module.css';
import type { EvidenceFilter } from './filterEvidence.ts';
import { KIND_ICONS } from './kindIcons.ts';
import { ACT_KINDS, type ActKind } from './kindOfEvent.ts';
import filtersLook from '../../ui/Filters.module.css';

/** Properties of `EvidenceFilters`. */
export interface EvidenceFiltersProps {
  readonly filter: EvidenceFilter;
  readonly onChange: (filter: EvidenceFilter) => void;
  /** Everybody who did something, with their names. */
  readonly people: readonly (readonly [Address, string])[];
  /** Number of events of each kind, by the person and the days that are chosen. */
  readonly counts: ReadonlyMap<ActKind | undefined, number>;
}

/** Chooses whose acts are shown, of what kind and of which days. */
export function EvidenceFilters({
  filter,
  onChange,
  people,
  counts,
}: EvidenceFiltersProps): ReactNode {
  const { say, number } = useWords();
  return (
    <>
      <div className={classes['bar']}>
        <SelectField<string>
          label={say('evidence.who')}
          value={filter.who}
          onChange={(who) => onChange({ ...filter, who })}
          choices={[
            { value: 'others', label: say('evidence.who-others') },
            { value: 'all', label: say('evidence.who-all') },
            ...people.map(([value, label]) => ({ value, label })),
          ]}
        />
        {(['from', 'to'] as const).map((end) => (
          <TextField
            key={end}
            type="date"
            label={say(`evidence.${end}`)}
            value={filter[end]}
            onChange={(day) => onChange({ ...filter, [end]: day })}
          />
        ))}
      </div>
      <div className={filtersLook['filters']} role="group" aria-label={say('evidence.kinds')}>
        {(['all', ...ACT_KINDS] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            className={filtersLook['filter']}
            aria-pressed={filter.kind === kind}
            onClick={() => onChange({ ...filter, kind })}
          >
            {kind !== 'all' && <Icon name={KIND_ICONS[kind]} />}
            {say(`evidence.kind-${kind}`)} {kind !== 'all' && number(counts.get(kind) ?? 0)}
          </button>
        ))}
      </div>
    </>
  );
}
