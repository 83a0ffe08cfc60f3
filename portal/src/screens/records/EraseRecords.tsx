import { useState, type ReactNode } from 'react';
import type { Chart } from '../../../../src/client/index.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { eraseCategory } from '../../session/eraseCategory.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useSure } from '../../ui/useSure.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `EraseRecords`. */
export interface EraseRecordsProps {
  readonly session: Session;
  readonly chart: Chart;
  /** Kind of the record that the person looks at. */
  readonly category: Category;
  readonly onErased: () => void;
}

/** Erases all present records of a kind for good, once the person has read what that means. */
export function EraseRecords({ session, chart, category, onErased }: EraseRecordsProps): ReactNode {
  const { say } = useWords();
  const [asking, setAsking] = useState(false);
  const sure = useSure(say('keys.forget-question'), say('records.erase-sure'));
  const erasing = useRun();
  const kind = say(`common.category-${category}`);
  const erase = (): void => {
    if (!sure.require()) return;
    erasing.start(async () => {
      await eraseCategory(session, chart, { category, title: say('records.erased') });
      setAsking(false);
      onErased();
    });
  };
  // While it works, the dialog stays: it shows a failure.
  const close = (): void => {
    if (erasing.busy) return;
    setAsking(false);
    sure.clear();
  };
  return (
    <section>
      <h2>{say('records.erase')}</h2>
      <p>{say('records.erase-lead', { kind })}</p>
      <p className="row">
        <Button kind="danger" onClick={() => setAsking(true)}>
          {say('records.erase-all', { kind })}
        </Button>
      </p>
      {asking && (
        <Dialog title={say('records.erase-question', { kind })} onClose={close}>
          <p>{say('records.erase-lost')}</p>
          <p>{say('records.erase-not')}</p>
          {sure.box}
          {erasing.error !== undefined && <Failure error={erasing.error} />}
          {erasing.busy && <Pending what={say('records.erasing')} />}
          <p className="row">
            <Button kind="danger" busy={erasing.busy} onClick={erase}>
              {say('records.erase')}
            </Button>
            <Button disabled={erasing.busy} onClick={close}>
              {say('common.cancel')}
            </Button>
          </p>
        </Dialog>
      )}
    </section>
  );
}
