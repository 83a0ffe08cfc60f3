import type { ReactNode } from 'react';
import { Choices } from '../../ui/Choices.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { PeriodChosen } from './untilChosen.ts';

/** Properties of `ChooseUntil`. */
export interface ChooseUntilProps {
  readonly chosen: PeriodChosen;
  readonly onChange: (chosen: PeriodChosen) => void;
  /** True while what was chosen is being signed. */
  readonly busy: boolean;
}

/** Chooses until when a right holds. */
export function ChooseUntil({ chosen, onChange, busy }: ChooseUntilProps): ReactNode {
  const { say } = useWords();
  const { period, date } = chosen;
  return (
    <>
      <Choices
        legend={say('share.how-long')}
        choices={(['day', 'month', 'year', 'date'] as const).map((value) => ({
          value,
          label: say(`share.for-${value}`),
        }))}
        chosen={[period]}
        one
        onChange={([other]) => {
          if (other && !busy) onChange({ period: other, date });
        }}
      />
      {period === 'date' && (
        <TextField
          label={say('share.last-day')}
          type="date"
          value={date}
          readOnly={busy}
          onChange={(day) => onChange({ period, date: day })}
        />
      )}
    </>
  );
}
