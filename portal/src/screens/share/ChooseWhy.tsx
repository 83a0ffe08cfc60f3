import type { ReactNode } from 'react';
import type { Purpose } from '../../../../src/protocol/vocabulary.ts';
import { Choices } from '../../ui/Choices.tsx';
import { useWords } from '../../words/useWords.tsx';

const WHYS: readonly Purpose[] = ['TREAT', 'HPAYMT', 'HRESCH', 'ETREAT', 'HOPERAT', 'PUBHLTH'];

/** Properties of `ChooseWhy`. */
export interface ChooseWhyProps {
  readonly purpose: Purpose;
  readonly onChange: (purpose: Purpose) => void;
}

/** Chooses the purpose of a right. */
export function ChooseWhy({ purpose, onChange }: ChooseWhyProps): ReactNode {
  const { say } = useWords();
  return (
    <Choices
      legend={say('share.why')}
      choices={WHYS.map((value) => ({ value, label: say(`common.purpose-${value}`) }))}
      chosen={[purpose]}
      one
      onChange={([why]) => why && onChange(why)}
    />
  );
}
