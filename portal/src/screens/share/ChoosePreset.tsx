import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import { SHARE_PRESETS, type SharePreset } from './sharePresets.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { List } from '../../ui/List.tsx';

/** Choices that are made at once; one record is chosen among the records. */
const PRESETS = ['doctor', 'visit', 'record'] as const;

/** Properties of `ChoosePreset`. */
export interface ChoosePresetProps extends SharePreset {
  readonly onChange: (preset: SharePreset) => void;
}

/** The usual ways to share in one press each, before the kinds themselves; one record alone is chosen among the records. */
export function ChoosePreset({ chosen, period, onChange }: ChoosePresetProps): ReactNode {
  const { say } = useWords();
  const isChosen = (preset: SharePreset): boolean =>
    contentOf(preset) === contentOf({ chosen, period });
  return (
    <section>
      <h2>{say('share.presets')}</h2>
      <List look="people" items={PRESETS} keyOf={(name) => name}>
        {(name) => (
          <>
            {name === 'record' ? (
              <ButtonLink href="/records">{say('share.preset-record')}</ButtonLink>
            ) : (
              <Button
                aria-pressed={isChosen(SHARE_PRESETS[name])}
                onClick={() => onChange(SHARE_PRESETS[name])}
              >
                {say(`share.preset-${name}`)}
              </Button>
            )}
            <p>{say(`share.preset-${name}-means`)}</p>
          </>
        )}
      </List>
    </section>
  );
}

/** The same text for the same choices, in whatever order they were made. */
function contentOf({ chosen, period }: SharePreset): string {
  const { categories, actions, purpose } = chosen;
  return JSON.stringify([categories.toSorted(), actions.toSorted(), purpose, period.period]);
}
