import type { ReactNode } from 'react';
import { previewRules, type StandingRule } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { Reviewed } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import type { Run } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import { termsSaid } from '../share/termsSaid.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';

/** A rule, and whether it is to stand or to end. */
export type RuleToChange = readonly [rule: StandingRule, isNew: boolean];

/** Properties of `RuleEffect`. */
export interface RuleEffectProps {
  readonly session: Session;
  /** Rules as they would be. */
  readonly rules: readonly StandingRule[];
  readonly wanted: RuleToChange;
  /** The rule in words. */
  readonly words: string;
  readonly signing: Run;
  readonly onSign: (reviewed: Reviewed<RuleToChange>) => Promise<void>;
  readonly onBack: () => void;
}

/** Says what rules would change, and how much of the chart others could read then, before anything is signed. */
export function RuleEffect(props: RuleEffectProps): ReactNode {
  const { session, rules, wanted, words, signing, onSign, onBack } = props;
  const [{ name }, isNew] = wanted;
  const { say } = useWords();
  const inWords = useTermsInWords();
  const found = useTask(async () => await previewRules(session.party, rules), [session, rules]);
  const preview = found.state === 'done' ? found.value : undefined;
  const nameOf = useNames(session, [
    ...(preview?.seenBy.keys() ?? []),
    ...(preview?.plan.end.map(({ grant }) => grant.terms.grantee) ?? []),
  ]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('rules.counting')} />;
  const { plan, people, seen, records, seenBy } = found.value;
  const ending = plan.end.map(({ digest, grant: { terms } }) => ({
    key: digest,
    text: `${nameOf(terms.grantee)} ${inWords(terms)}`,
  }));
  const giving = plan.give.map((right) => ({
    key: JSON.stringify(right),
    text: `${nameOf(right.grantee)} ${inWords({ ...termsSaid(right, right.until), record: right.record ?? ZERO32 })}`,
  }));
  return (
    <SignSheet
      session={session}
      title={visibleText(name)}
      wanted={wanted}
      others={{
        to: plan.give.map(({ grantee }) => grantee),
        about: plan.end.map(({ grant }) => grant.terms.grantee),
        isEnd: plan.give.length === 0,
      }}
      signing={signing}
      isDanger={!isNew}
      act={say(isNew ? 'rules.sign' : 'rules.end-now')}
      waits={say('rules.applying')}
      onBack={onBack}
      run={onSign}
    >
      <p>{words}</p>
      <p>
        <strong>{say('rules.effect', { people, seen, records })}</strong>
      </p>
      {seenBy.size > 0 && (
        <List items={[...seenBy]} keyOf={([who]) => who} look="list" all>
          {([who, count]) => <>{say('rules.sees', { who: nameOf(who), count })}</>}
        </List>
      )}
      {(
        [
          ['rules.ends', ending],
          ['rules.gives', giving],
        ] as const
      ).map(
        ([heading, lines]) =>
          lines.length > 0 && (
            <section key={heading}>
              <h3>{say(heading)}</h3>
              <List items={lines} keyOf={({ key }) => key} look="list" all>
                {({ text }) => text}
              </List>
            </section>
          ),
      )}
      {plan.unknown.length > 0 && (
        <Notice kind="warn" title={say('rules.unknown', { count: plan.unknown.length })} />
      )}
      <p>{say('rules.cannot-undo')}</p>
    </SignSheet>
  );
}
