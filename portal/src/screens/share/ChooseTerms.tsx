import type { ReactNode } from 'react';
import { alsoTold } from '../../../../src/protocol/evidence/alsoTold.ts';
import { ACTIONS, ORDINARY_CATEGORIES, CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import type { Action, Category, Purpose } from '../../../../src/protocol/vocabulary.ts';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChooseWhy } from './ChooseWhy.tsx';

/** Records, actions and purpose of a right. */
export interface TermsChosen {
  readonly categories: readonly Category[];
  readonly actions: readonly Action[];
  readonly purpose: Purpose;
}

/** Properties of `ChooseTerms`. */
export interface ChooseTermsProps {
  readonly chosen: TermsChosen;
  readonly onChange: (chosen: TermsChosen) => void;
}

/** Chooses what a right covers, what its holder may do, and why; says what the records tell of beside it. */
export function ChooseTerms({ chosen, onChange }: ChooseTermsProps): ReactNode {
  const { say } = useWords();
  const { categories, actions, purpose } = chosen;
  const choose = (change: Partial<TermsChosen>): void => onChange({ ...chosen, ...change });
  const told = [...new Set(categories.flatMap(alsoTold))].filter(
    (each) => !categories.includes(each),
  );
  return (
    <>
      <p className="row">
        <Button onClick={() => choose({ categories: ORDINARY_CATEGORIES })}>
          {say('share.all')}
        </Button>
        <Button onClick={() => choose({ categories: [] })}>{say('share.none')}</Button>
      </p>
      <Choices
        legend={say('share.kinds')}
        choices={CATEGORIES.map((value) => ({ value, label: say(`common.category-${value}`) }))}
        chosen={categories}
        onChange={(kinds) => choose({ categories: kinds })}
      />
      {told.length > 0 && (
        <Notice
          title={say('share.also-told', {
            kinds: told.map((each) => say(`common.category-${each}`)).join(', '),
          })}
        />
      )}
      <Choices
        legend={say('share.may')}
        choices={ACTIONS.map((value) => ({ value, label: say(`share.may-${value}`) }))}
        chosen={actions}
        onChange={(acts) => choose({ actions: acts })}
      />
      <ChooseWhy purpose={purpose} onChange={(why) => choose({ purpose: why })} />
    </>
  );
}
