import { useState, type ReactNode } from 'react';
import type { StandingRule } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import { CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { readPeople } from '../../session/people.ts';
import type { Draft } from '../../session/useDraft.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChooseTerms, type TermsChosen } from '../share/ChooseTerms.tsx';
import { untilChosen } from '../share/untilChosen.ts';
import { ruleChosen, type RuleFault } from './ruleChosen.ts';

/** Fields of a rule as they are typed and chosen. */
export interface RuleTyped {
  readonly name: string;
  readonly kind: StandingRule['kind'];
  readonly parties: readonly Address[];
  readonly terms: TermsChosen;
  readonly hasEnd: 'no' | 'yes';
  readonly date: string;
}

/** Properties of `RuleForm`. */
export interface RuleFormProps {
  readonly draft: Draft<RuleTyped>;
  readonly session: Session;
  /** Rules that stand. */
  readonly before: readonly StandingRule[];
  /** Takes the rule, to show its effect. */
  readonly onRule: (rule: StandingRule) => void;
  readonly onCancel: () => void;
}

/** A rule at first: nothing is chosen for a person but reading, for treatment. */
export const RULE_AT_FIRST: RuleTyped = {
  name: '',
  kind: 'permit',
  parties: [],
  terms: { categories: [], actions: ['read'], purpose: 'TREAT' },
  hasEnd: 'no',
  date: '',
};

/** Puts a standing rule together: it permits or denies, for these people, these records, until a day or for ever. */
export function RuleForm({ draft, session, before, onRule, onCancel }: RuleFormProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const { name, kind, parties, terms, hasEnd, date } = draft.value;
  const { change } = draft;
  const [fault, setFault] = useState<RuleFault>();
  const people = useTask(async () => await readPeople(party), [party]);
  const readers =
    people.state === 'done' ? people.value.filter(({ handle }) => handle === undefined) : [];
  const choose = (): void => {
    const now = seconds(party.clock);
    const end = hasEnd === 'yes' && { until: untilChosen({ period: 'date', date }, now) };
    const rule = ruleChosen({ name, kind, parties, terms, ...end }, before, now);
    setFault(typeof rule === 'string' ? rule : undefined);
    if (typeof rule !== 'string') onRule(rule);
  };
  return (
    <>
      <KeptDraft draft={draft} />
      <TextField
        label={say('rules.name')}
        hint={say('rules.name-hint')}
        value={name}
        maxLength={60}
        autoComplete="off"
        onChange={(text) => change({ name: text })}
        error={fault === 'name' || fault === 'name-taken' ? say(`rules.fault-${fault}`) : undefined}
      />
      <Choices
        legend={say('rules.kind')}
        choices={(['permit', 'deny'] as const).map((value) => ({
          value,
          label: say(`rules.kind-${value}`),
          hint: say(`rules.kind-${value}-means`),
        }))}
        chosen={[kind]}
        one
        onChange={([other]) => other && change({ kind: other })}
      />
      <Awaiting on={people} />
      <Choices
        legend={say(kind === 'deny' ? 'rules.whom-deny' : 'rules.whom')}
        choices={readers.map((each) => ({ value: each.address, label: each.name }))}
        chosen={parties}
        onChange={(chosen) => change({ parties: chosen })}
      />
      <AddPerson
        session={session}
        onAdded={({ address }) => {
          change({ parties: [...parties, address] });
          people.again();
        }}
      />
      {kind === 'permit' ? (
        <ChooseTerms chosen={terms} onChange={(chosen) => change({ terms: chosen })} />
      ) : (
        <Choices
          legend={say('rules.kinds-deny')}
          choices={CATEGORIES.map((value) => ({ value, label: say(`common.category-${value}`) }))}
          chosen={terms.categories}
          onChange={(categories) => change({ terms: { ...terms, categories } })}
        />
      )}
      <Choices
        legend={say('share.how-long')}
        choices={[
          { value: 'no', label: say('rules.no-end') },
          { value: 'yes', label: say('share.for-date') },
        ]}
        chosen={[hasEnd]}
        one
        onChange={([other]) => other && change({ hasEnd: other })}
      />
      {hasEnd === 'yes' && (
        <TextField
          label={say('share.last-day')}
          type="date"
          value={date}
          onChange={(day) => change({ date: day })}
        />
      )}
      {fault !== undefined && <Notice kind="bad" title={say(`rules.fault-${fault}`)} />}
      <p className="row">
        <Button kind="main" onClick={choose}>
          {say('rules.preview')}
        </Button>
        <Button onClick={onCancel}>{say('common.cancel')}</Button>
      </p>
    </>
  );
}
