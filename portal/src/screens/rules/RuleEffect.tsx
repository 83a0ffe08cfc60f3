import type { ReactNode } from 'react';
import { previewRules, type StandingRule } from '../../../../src/client/index.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { termsSaid } from '../share/termsSaid.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';

/** Properties of `RuleEffect`. */
export interface RuleEffectProps {
  readonly session: Session;
  /** Rules as they would be. */
  readonly rules: readonly StandingRule[];
  /** Words on the button that signs. */
  readonly label: string;
  /** Carries it out. */
  readonly onSign: () => Promise<void>;
  readonly onCancel: () => void;
}

/** Says what rules would change, and how much of the chart others could read then, before anything is signed. */
export function RuleEffect(props: RuleEffectProps): ReactNode {
  const { session, rules, label, onSign, onCancel } = props;
  const { say } = useWords();
  const inWords = useTermsInWords();
  const signing = useRun();
  const found = useTask(async () => await previewRules(session.party, rules), [session, rules]);
  const preview = found.state === 'done' ? found.value : undefined;
  const nameOf = useNames(session, [
    ...(preview?.seenBy.keys() ?? []),
    ...(preview?.plan.end.map(({ grant }) => grant.terms.grantee) ?? []),
  ]);
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  if (preview === undefined) return <Pending what={say('rules.counting')} />;
  const { plan, people, seen, records, seenBy } = preview;
  const ending = plan.end.map(({ digest, grant: { terms } }) => ({
    key: digest,
    text: `${nameOf(terms.grantee)} ${inWords(terms)}`,
  }));
  const giving = plan.give.map((right) => ({
    key: JSON.stringify(right),
    text: `${nameOf(right.grantee)} ${inWords({ ...termsSaid(right, right.until), record: right.record ?? ZERO32 })}`,
  }));
  return (
    <>
      <p>
        <strong>{say('rules.effect', { people, seen, records })}</strong>
      </p>
      {seenBy.size > 0 && (
        <ul className="list">
          {[...seenBy].map(([who, count]) => (
            <li key={who}>{say('rules.sees', { who: nameOf(who), count })}</li>
          ))}
        </ul>
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
              <ul className="list">
                {lines.map(({ key, text }) => (
                  <li key={key}>{text}</li>
                ))}
              </ul>
            </section>
          ),
      )}
      {plan.unknown.length > 0 && (
        <Notice kind="warn" title={say('rules.unknown', { count: plan.unknown.length })} />
      )}
      <p>{say('rules.cannot-undo')}</p>
      {signing.error !== undefined && <Failure error={signing.error} />}
      {signing.busy && <Pending what={say('rules.applying')} />}
      <p className="row">
        <Button kind="main" busy={signing.busy} onClick={() => signing.start(onSign)}>
          {label}
        </Button>
        <Button
          disabled={signing.busy}
          onClick={() => {
            if (!signing.busy) onCancel();
          }}
        >
          {say('common.back')}
        </Button>
      </p>
    </>
  );
}
