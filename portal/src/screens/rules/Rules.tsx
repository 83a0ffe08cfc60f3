import { useState, type ReactNode } from 'react';
import {
  addRule,
  readRules,
  removeRule,
  type Party,
  type RulesApplied,
  type StandingRule,
} from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { applyRulesHere } from '../../session/applyRulesHere.ts';
import { afterReview, type Reviewed } from '../../session/Reviewed.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useSteps } from '../../session/useSteps.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { sayCode } from '../../words/sayCode.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { RuleEffect, type RuleToChange } from './RuleEffect.tsx';
import { RULE_AT_FIRST, RuleForm, type RuleTyped } from './RuleForm.tsx';
import { useRuleInWords } from './useRuleInWords.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

const change = afterReview(
  async (party: Party, rule: StandingRule, isNew: boolean) =>
    await applyRulesHere(party, async () =>
      isNew ? await addRule(party, rule) : await removeRule(party, rule.name),
    ),
);

/** A rule that is about to stand, or to end. */
interface Wanted {
  readonly rule: StandingRule;
  readonly isNew: boolean;
  /** The fields that a new one was made of. */
  readonly typed: RuleTyped;
  /** All rules as they would be. */
  readonly rules: readonly StandingRule[];
}

/** The patient's standing rules: what they say, another one, and an end to each, with its effect before it is signed. */
export function Rules({ session }: ScreenProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const inWords = useRuleInWords();
  const { party } = session;
  const draft = useDraft(session, 'rule', RULE_AT_FIRST);
  const { step, ...steps } = useSteps<'list' | 'form' | 'effect'>('list');
  const [asked, setWanted] = useState<Wanted>();
  const signing = useRun();
  const wanted = step === 'effect' || signing.busy ? asked : undefined;
  const isAdding = step === 'form' || wanted?.isNew === true;
  const [done, setDone] = useState<Wanted & { readonly applied: RulesApplied }>();
  const listed = useTask(async () => await readRules(party), [party]);
  const rules = listed.state === 'done' ? listed.value : [];
  const failed = done?.applied.failed ?? [];
  const nameOf = useNames(session, [
    ...[...rules, ...(wanted?.rules ?? [])].flatMap(({ parties = [] }) => parties),
    ...failed.map((each) => each.party),
  ]);
  const show = (what: Wanted): void => {
    setWanted(what);
    steps.go('effect');
  };
  const sign = async (what: Wanted, reviewed: Reviewed<RuleToChange>): Promise<void> => {
    setDone(undefined);
    setDone({ ...what, applied: await change(party, reviewed) });
    if (what.isNew) await draft.drop(what.typed);
    setWanted(undefined);
    steps.finish();
    listed.again();
  };
  if (isAdding || wanted !== undefined) {
    return (
      <Page
        key={wanted === undefined ? 'form' : 'effect'}
        title={say(isAdding ? 'rules.new-title' : 'rules.end-title')}
        lead={isAdding && say('rules.new-lead')}
      >
        {wanted === undefined && (
          <RuleForm
            draft={draft}
            session={session}
            before={rules}
            onRule={(rule) =>
              show({ rule, isNew: true, typed: draft.value, rules: [...rules, rule] })
            }
            onCancel={() => {
              steps.back();
              void draft.drop();
            }}
          />
        )}
        {wanted !== undefined && (
          <RuleEffect
            session={session}
            rules={wanted.rules}
            signing={signing}
            wanted={[wanted.rule, wanted.isNew]}
            words={inWords(wanted.rule, nameOf)}
            onBack={steps.back}
            onSign={async (reviewed) => await sign(wanted, reviewed)}
          />
        )}
      </Page>
    );
  }
  return (
    <Page title={say('rules.title')} lead={say('rules.lead')}>
      <p className="row">
        <Button kind="main" disabled={listed.state !== 'done'} onClick={() => steps.go('form')}>
          {say('rules.new')}
        </Button>
        <ButtonLink href="/rights">{say('share.to-rights')}</ButtonLink>
      </p>
      {done !== undefined && (
        <Notice
          kind="good"
          title={say(done.isNew ? 'rules.stands' : 'rules.ended', {
            name: visibleText(done.rule.name),
            given: done.applied.given.length,
            ended: done.applied.ended.length,
          })}
        />
      )}
      {failed.map(({ party: who, code }) => (
        <Notice
          key={who}
          kind="warn"
          title={say('rules.failed', {
            who: nameOf(who),
            why: sayCode(words, code) ?? code,
          })}
        />
      ))}
      <Awaiting on={listed} what={say('common.loading')} />
      <List
        items={rules}
        none={listed.state === 'done' && say('rules.none')}
        keyOf={(rule) => rule.name}
      >
        {(rule) => (
          <>
            <strong>{visibleText(rule.name)}</strong>
            <p className="said">{inWords(rule, nameOf)}</p>
            <Button
              kind="danger"
              onClick={() =>
                show({
                  rule,
                  isNew: false,
                  typed: draft.value,
                  rules: rules.filter((each) => each !== rule),
                })
              }
            >
              {say('rules.end', { name: visibleText(rule.name) })}
            </Button>
          </>
        )}
      </List>
    </Page>
  );
}
