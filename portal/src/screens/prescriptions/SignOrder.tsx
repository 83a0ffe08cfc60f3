import { useState, type ReactNode } from 'react';
import type { OrderReview } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { DOSE_FIELDS } from '../../../../src/fhir/dose/doseFields.ts';
import { dosageOrdered } from '../../../../src/fhir/makeMedicationRequest.ts';
import { unusualSaid } from '../forms/formWords.ts';
import type { Reviewed } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import type { Run } from '../../session/useRun.ts';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { OrderWords } from './OrderWords.tsx';
import { RefusedInWords } from './RefusedInWords.tsx';

/** An order that was checked, and the reason for which it is signed despite what speaks against it. */
export type OrderToSign = readonly [review: OrderReview, reason: string | undefined];

/** Properties of `SignOrder`. */
export interface SignOrderProps {
  readonly session: Session;
  readonly review: OrderReview;
  /** Name of the patient, if the reader has one. */
  readonly who: string | undefined;
  readonly signing: Run;
  readonly onSign: (reviewed: Reviewed<OrderToSign>) => Promise<void>;
  readonly onChange: () => void;
}

/** Shows an order that was checked, in the words that are signed and with what speaks against it, before it is signed. */
export function SignOrder(props: SignOrderProps): ReactNode {
  const { session, review, who, signing, onSign, onChange } = props;
  const words = useWords();
  const { say } = words;
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const { order, conflicts, unread } = review;
  const { code, dosage, dose, ...terms } = order;
  const unusual = unusualSaid(DOSE_FIELDS, dose ?? {}, words);
  const needsReason = conflicts.some(({ indicator }) => indicator !== 'info');
  const isMissing = needsReason && reason.trim() === '';
  return (
    <SignSheet
      session={session}
      title={say('medicines.sign-for', {
        who: visibleText(who ?? `${order.handle.slice(0, 10)}…`),
      })}
      signing={signing}
      others={{ charts: [order.handle], to: order.second === undefined ? [] : [order.second] }}
      wanted={[review, needsReason ? reason : undefined]}
      isReady={!isMissing}
      isDanger={needsReason}
      act={say(needsReason ? 'medicines.issue-despite' : 'medicines.issue')}
      waits={say('medicines.issuing')}
      Refused={RefusedInWords}
      onMissing={() => setTried(true)}
      onBack={onChange}
      backLabel={say('medicines.change')}
      run={onSign}
    >
      <OrderWords
        session={session}
        order={{
          ...terms,
          directions: [dosageOrdered({ dosage, ...(dose && { dose }) })],
          code: code === undefined ? '' : `${code.system}|${code.code}`,
        }}
      />
      {unusual !== '' && <Notice kind="warn" title={say('forms.unusual', { what: unusual })} />}
      {conflicts.map(({ kind, what, by, indicator }, place) => (
        <Notice
          key={place}
          kind={indicator === 'critical' ? 'bad' : indicator === 'info' ? 'note' : 'warn'}
          title={say(`medicines.conflict-${kind}`, { what: visibleText(what, 300) })}
        >
          {by !== '' && <p>{say('medicines.conflict-by', { by: visibleText(by, 300) })}</p>}
        </Notice>
      ))}
      {unread.map((category) => (
        <Notice
          key={category}
          kind="warn"
          title={say('medicines.unchecked', { category: say(`common.category-${category}`) })}
        />
      ))}
      <p className="hint">
        {say(conflicts.length === 0 ? 'medicines.checked-none' : 'medicines.checked')}
      </p>
      {needsReason && (
        <TextField
          label={say('medicines.reason')}
          hint={say('medicines.reason-kept')}
          value={reason}
          maxLength={200}
          onChange={setReason}
          error={tried && isMissing ? say('enter.fill-in') : undefined}
        />
      )}
    </SignSheet>
  );
}
