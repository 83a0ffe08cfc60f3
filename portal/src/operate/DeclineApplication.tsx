import { useState, type ReactNode } from 'react';
import { DECLINE_REASONS, type DeclineReason } from '../../../src/protocol/vocabulary.ts';
import type { ApplicationShown } from '../../../src/protocol/operator/OperatorPort.ts';
import { useRun } from '../session/useRun.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Choices.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useWords } from '../words/useWords.tsx';
import type { OperateProps } from './OperateProps.ts';

/** Properties of `DeclineApplication`. */
export interface DeclineApplicationProps extends Pick<OperateProps, 'operator'> {
  readonly shown: ApplicationShown;
  readonly onClose: () => void;
  readonly onDeclined: () => void;
  /** The application as it is shown. */
  readonly children: ReactNode;
}

/** Asks for the reason that the applicant reads, and declines the application as it is shown. */
export function DeclineApplication(props: DeclineApplicationProps): ReactNode {
  const { operator, shown, onClose, onDeclined, children } = props;
  const { say } = useWords();
  const [reason, setReason] = useState<DeclineReason>();
  const declining = useRun();
  const decline = (): void =>
    declining.start(async () => {
      const { member, application } = shown;
      if (reason === undefined) return;
      await operator.decline({ member, application, reason });
      onDeclined();
    });
  const close = (): void => {
    if (!declining.busy) onClose();
  };
  return (
    <Dialog title={say('operate.decline')} onClose={close}>
      {children}
      <p>{say('operate.decline-means')}</p>
      <Choices
        one
        legend={say('operate.reason')}
        choices={DECLINE_REASONS.map((each) => ({
          value: each,
          label: say(`me.declined-${each}`),
        }))}
        chosen={reason === undefined ? [] : [reason]}
        onChange={([chosen]) => setReason(chosen)}
      />
      <Awaiting on={declining} what={say('operate.declining')} />
      <p className="row">
        <Button
          kind="danger"
          busy={declining.busy}
          disabled={reason === undefined}
          onClick={decline}
        >
          {say('operate.decline-now')}
        </Button>
        <Button onClick={close}>{say('common.cancel')}</Button>
      </p>
    </Dialog>
  );
}
