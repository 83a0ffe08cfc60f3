import type { ReactNode } from 'react';
import { fetchReceipt, type ChartRecord } from '../../../../src/client/index.ts';
import { formatEvidenceFile } from '../../../../src/protocol/evidence/parseEvidenceFile.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Properties of `RecordReceipt`. */
export interface RecordReceiptProps {
  readonly session: Session;
  readonly record: ChartRecord;
}

/** Saves the receipt of a record version as a file. */
export function RecordReceipt({ session, record }: RecordReceiptProps): ReactNode {
  const { say } = useWords();
  const saving = useRun();
  const save = (): void =>
    saving.start(async () => {
      const receipt = await fetchReceipt(session.party, record.acknowledgement);
      saveFile('receipt.json', formatEvidenceFile(receipt), 'application/json');
    });
  return (
    <section>
      <h2>{say('records.receipt')}</h2>
      <p>{say('records.receipt-lead')}</p>
      <Awaiting on={saving} again={save} />
      <p className="row">
        <Button busy={saving.busy} onClick={save}>
          {say('records.save-receipt')}
        </Button>
        <ButtonLink href="/records">{say('common.back')}</ButtonLink>
      </p>
    </section>
  );
}
