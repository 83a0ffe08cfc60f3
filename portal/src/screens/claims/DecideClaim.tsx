import { useState, type ReactNode } from 'react';
import { decideClaim, type ClaimRead } from '../../../../src/client/index.ts';
import type { ClaimReason } from '../../../../src/protocol/care/claimReasons.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { NameOf } from '../../session/useNames.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { Choices } from '../../ui/Choices.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { SignStep } from './SignStep.tsx';
import { unitsIn } from './unitsIn.ts';
import { useAmount } from './useAmount.ts';

const DAY = 86_400;
const decide = afterReview(decideClaim);
/** Days that an authorisation in advance is good for, unless the insurer chooses others. */
const AHEAD = 90;
/** Reasons that go with each outcome; the first is chosen at first. */
const REASONS = {
  approve: ['covered', 'partly-covered', 'patient-share', 'benefit-exhausted', 'paid-elsewhere'],
  deny: [
    'not-covered',
    'not-insured',
    'not-necessary',
    'not-as-billed',
    'patient-share',
    'benefit-exhausted',
    'paid-elsewhere',
  ],
  ask: ['more-needed'],
} as const satisfies Record<string, readonly ClaimReason[]>;
type Outcome = keyof typeof REASONS;

/** Fields of a decision as they are typed and chosen. */
interface DecisionTyped {
  readonly outcome: Outcome;
  readonly reason: ClaimReason;
  readonly typed: string;
  readonly note: string;
}

/** Properties of `DecideClaim`. */
export interface DecideClaimProps {
  readonly session: Session;
  readonly read: ClaimRead;
  readonly patient: string;
  readonly nameOf: NameOf;
  readonly onDone: () => void;
}

/** Takes the insurer's decision on a claim whose papers it has read. */
export function DecideClaim({
  session,
  read,
  patient,
  nameOf,
  onDone,
}: DecideClaimProps): ReactNode {
  const { say, day } = useWords();
  const amountSaid = useAmount();
  const { party } = session;
  const { digest, message, facts, currency } = read;
  const left = facts.amount - facts.approved;
  const isAhead = message.treatment === ZERO32;
  const draft = useDraft<DecisionTyped>(session, `decide/${digest}`, {
    outcome: 'approve',
    reason: 'covered',
    typed: textOf(left),
    note: '',
  });
  const { outcome, reason, typed, note } = draft.value;
  const [tried, setTried] = useState(false);
  const signing = useRun();
  const isPaying = outcome === 'approve';
  const amount = unitsIn(typed, left);
  const isFit = !isPaying || amount !== undefined;
  const until = seconds(party.clock) + AHEAD * DAY;
  const sums = {
    patient,
    claimant: nameOf(message.terms.claimant),
    payee: nameOf(message.terms.payee),
    paid: amountSaid(amount ?? 0, currency),
    amount: amountSaid(facts.amount, currency),
    until: day(until),
  };
  const words = [
    say(isPaying && isAhead ? 'claims.you-authorise' : `claims.you-${outcome}`, sums),
    say('claims.reason', { reason: say(`claims.reason-${reason}`) }),
    ...(note.trim() === '' ? [] : [say('claims.note', { note: note.trim() })]),
    say(isPaying && !isAhead ? 'claims.pay-means' : 'claims.decide-means', sums),
  ];
  const wrong =
    tried && isPaying ? say('claims.amount-wrong', { most: amountSaid(left) }) : undefined;
  return (
    <section>
      <KeptDraft draft={draft} />
      <Choices
        legend={say('claims.decision')}
        choices={(['approve', 'deny', 'ask'] as const).map((value) => ({
          value,
          label: say(`claims.decide-${value}`),
        }))}
        chosen={[outcome]}
        one
        onChange={([other]) => {
          if (other !== undefined) draft.change({ outcome: other, reason: REASONS[other][0] });
        }}
      />
      {isPaying && (
        <TextField
          label={say('claims.pay')}
          hint={say('claims.most', { most: amountSaid(left, currency) })}
          inputMode="decimal"
          value={typed}
          error={amount === undefined ? wrong : undefined}
          onChange={(text) => {
            const isWhole = unitsIn(text) === left;
            draft.change({ typed: text, reason: isWhole ? 'covered' : 'partly-covered' });
          }}
        />
      )}
      {outcome !== 'ask' && (
        <SelectField
          label={say('claims.why')}
          choices={REASONS[outcome].map((value: ClaimReason) => ({
            value,
            label: say(`claims.reason-${value}`),
          }))}
          value={reason}
          onChange={(why) => draft.change({ reason: why })}
        />
      )}
      <TextField
        label={say('claims.words')}
        value={note}
        maxLength={500}
        onChange={(text) => draft.change({ note: text })}
      />
      <SignStep
        key={outcome}
        signing={signing}
        session={session}
        others={{
          about: [message.terms.claimant, message.terms.payee],
          charts: [message.terms.handle],
        }}
        wanted={
          isFit
            ? [
                digest,
                {
                  outcome,
                  reason,
                  ...(isPaying && amount !== undefined && { amount }),
                  ...(isPaying && isAhead && { until }),
                  ...(note.trim() !== '' && { words: note.trim() }),
                },
              ]
            : undefined
        }
        label={say('common.next')}
        sign={say(isPaying && isAhead ? 'claims.sign-authorise' : `claims.sign-${outcome}`)}
        kind="main"
        words={words}
        onTry={() => setTried(true)}
        run={async (reviewed) => {
          await decide(party, reviewed);
          await draft.drop(draft.value);
          onDone();
        }}
      />
    </section>
  );
}

function textOf(units: number): string {
  const digits = String(units).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
