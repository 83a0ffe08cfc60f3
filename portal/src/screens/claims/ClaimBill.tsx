import type { ReactNode } from 'react';
import { Choices } from '../../ui/Choices.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { BillLines } from './BillLines.tsx';
import type { ClaimStepProps } from './ClaimWho.tsx';
import { SignBill } from './SignBill.tsx';
import { useAmount } from './useAmount.ts';
import { useRecordInWords } from './useRecordInWords.ts';

/** Properties of `ClaimBill`. */
export interface ClaimBillProps extends ClaimStepProps {
  /** Name of the patient. */
  readonly patient: string;
  readonly billFile: File | undefined;
  readonly onBillFile: (file: File | undefined) => void;
}

/** The second step of a claim: the bill, and how much of it is asked for. */
export function ClaimBill(props: ClaimBillProps): ReactNode {
  const { session, ground, typed, read, change, tried, patient, billFile, onBillFile } = props;
  const { say } = useWords();
  const amountSaid = useAmount();
  const { chart, handle } = ground;
  const inWords = useRecordInWords(session, handle);
  const { treatment, total, most, isTooMuch, isCurrency, basis } = read;
  const { needsBill = false, authorisation: promised } = basis ?? {};
  return (
    <>
      <BillLines
        lines={typed.typed}
        onChange={(changed) => change({ typed: changed })}
        tried={tried}
      />
      <TextField
        label={say('claims.currency')}
        value={typed.currency}
        maxLength={3}
        autoComplete="off"
        error={tried && !isCurrency ? say('claims.currency-wrong') : undefined}
        onChange={(text) => change({ currency: text.toUpperCase() })}
      />
      <TextField
        label={say('claims.less')}
        hint={say('claims.less-hint')}
        inputMode="decimal"
        value={typed.less}
        error={
          tried && isTooMuch ? say('claims.amount-wrong', { most: amountSaid(most) }) : undefined
        }
        onChange={(text) => change({ less: text })}
      />
      {needsBill && (
        <FileField
          label={say('claims.bill-file')}
          hint={say('claims.bill-file-hint')}
          file={billFile}
          onChange={onBillFile}
        />
      )}
      {tried && needsBill && billFile === undefined && (
        <p className="error">{say('enter.fill-in')}</p>
      )}
      {treatment !== undefined && !needsBill && total > 0 && (
        <SignBill
          session={session}
          bill={{ ...chart, handle, treatment: treatment.record, total }}
          said={{
            patient,
            total: amountSaid(total, typed.currency),
            treatment: inWords(treatment),
          }}
        />
      )}
      {promised !== undefined && (
        <Choices
          legend={say('claims.promised')}
          choices={[
            {
              value: 'promise',
              label: say('claims.use-promise', { amount: amountSaid(promised.facts.approved) }),
            },
          ]}
          chosen={typed.uses}
          onChange={(chosen) => change({ uses: chosen })}
        />
      )}
    </>
  );
}
