import type { ReactNode } from 'react';
import {
  drawVerifiers,
  endClaimRights,
  lapseClaim,
  withdrawClaim,
} from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { hasTerm, isPendingClaim } from '../../../../src/protocol/care/isPendingClaim.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useWords } from '../../words/useWords.tsx';
import { AnswerClaim } from './AnswerClaim.tsx';
import { DecideClaim } from './DecideClaim.tsx';
import { Dispute } from './Dispute.tsx';
import type { ClaimOpened } from './openClaim.ts';
import { PutExplanation } from './PutExplanation.tsx';
import { SettleStep } from './SettleStep.tsx';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';

const withdraw = afterReview(withdrawClaim);
const endRights = afterReview(endClaimRights);

/** Properties of `ClaimActs`. */
export interface ClaimActsProps {
  readonly session: Session;
  readonly opened: ClaimOpened;
  readonly patient: string;
  readonly nameOf: NameOf;
  /** Called once a step was taken. */
  readonly onDone: () => void;
}

/** The steps that a side of a claim can take in its state. */
export function ClaimActs({ session, opened, patient, nameOf, onDone }: ClaimActsProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const { party } = session;
  const { listed, read } = opened;
  const { digest, message, facts } = listed;
  const { state, round, due } = facts;
  const isClaimant = message.terms.claimant === party.address;
  const isInsurer = message.insurer === party.address;
  const isOwnChart = session.handle === message.terms.handle;
  const isOpen = state === 'open' || state === 'asked';
  const isDecided = (state === 'approved' && message.treatment !== ZERO32) || state === 'denied';
  const isOver = seconds(party.clock) > due;
  const side = isClaimant ? message.claimant : party.address;
  const isSide = isClaimant || isInsurer;
  const canDispute = ((isDecided && round === 0) || state === 'judged') && isSide && !isOver;
  const isDisputant = facts.disputant === side;
  const who = nameOf(message.insurer);
  return (
    <>
      {hasTerm(facts) && isOver && (
        <SettleStep
          act="lapse"
          words={say('claims.lapse-means', { state })}
          run={async () => {
            await lapseClaim(party, digest);
            onDone();
          }}
        />
      )}
      {isSide && state === 'disputed' && !isDisputant && !isOver && (
        <SettleStep
          act="draw"
          words={say('claims.draw-means')}
          run={async () => {
            await drawVerifiers(party, digest);
            onDone();
          }}
        />
      )}
      {state === 'drawn' && isDisputant && !isOver && (
        <SettleStep
          act="send"
          words={say('claims.send-means')}
          run={async () => {
            await drawVerifiers(party, digest);
            onDone();
          }}
        />
      )}
      {isInsurer && state === 'open' && !isOver && read !== undefined && (
        <DecideClaim
          session={session}
          read={read}
          patient={patient}
          nameOf={nameOf}
          onDone={onDone}
        />
      )}
      {isClaimant && state === 'asked' && !isOver && (
        <AnswerClaim
          session={session}
          listed={listed}
          who={who}
          patient={patient}
          onDone={onDone}
        />
      )}
      {isClaimant && (isDecided || state === 'paid') && read !== undefined && (
        <PutExplanation session={session} listed={listed} patient={patient} />
      )}
      {canDispute && read !== undefined && (
        <Dispute session={session} listed={listed} onDone={onDone} />
      )}
      {isClaimant && isOpen && (
        <SignStep
          session={session}
          wanted={[digest]}
          others={{ about: [message.insurer], isEnd: true }}
          label={say('claims.withdraw')}
          sign={say('claims.sign-withdraw')}
          kind="danger"
          words={[say('claims.you-withdraw', { who, amount: amount(facts.amount) })]}
          run={async (reviewed) => {
            await withdraw(party, reviewed);
            onDone();
          }}
        />
      )}
      {isOwnChart && !isPendingClaim(facts) && (
        <SignStep
          session={session}
          wanted={[digest]}
          others={{ about: [message.insurer], isEnd: true }}
          label={say('claims.end', { who })}
          sign={say('claims.sign-end')}
          kind="danger"
          words={[say('claims.you-end', { who }), say('share.stop-not')]}
          run={async (reviewed) => {
            await endRights(party, reviewed);
            onDone();
          }}
        />
      )}
    </>
  );
}
