import type { ReactNode } from 'react';
import type { VitalFacts } from '../../../../src/protocol/care/vitalRecords.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Vital } from '../../../../src/protocol/struct/vitalTypes.ts';
import type { Session } from '../../session/Session.ts';
import { useWords } from '../../words/useWords.tsx';
import { ConfirmReport } from './ConfirmReport.tsx';
import { SignUndoing } from './UndoVital.tsx';

/** Properties of `VitalStanding`. */
export interface VitalStandingProps {
  readonly session: Session;
  readonly handle: Handle;
  readonly what: Vital;
  readonly facts: VitalFacts;
  readonly onDone: () => void;
}

/** The acts for a birth or a death that is reported or recorded. */
export function VitalStanding({
  session,
  handle,
  what,
  facts,
  onDone,
}: VitalStandingProps): ReactNode {
  const { say } = useWords();
  const isOwn = facts.reporter === session.party.address;
  return (
    <>
      {facts.stage === 'reported' && isOwn && <p>{say('vital.waits-for-other')}</p>}
      {facts.stage === 'reported' && !isOwn && (
        <ConfirmReport {...{ session, what, facts, onDone }} />
      )}
      <SignUndoing {...{ session, what, handle }} />
    </>
  );
}
