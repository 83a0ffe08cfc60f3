import { useState, type ReactNode } from 'react';
import { exportChart, type ChartExported } from '../../../../src/client/index.ts';
import { blobArchive, type BlobArchive } from '../../session/blobArchive.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { saveBlob } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `SaveArchive`. */
export interface SaveArchiveProps {
  readonly session: Session;
}

/** Record versions that are in the archive, and how many there will be. */
interface Done {
  readonly done: number;
  readonly of: number;
}

/** Makes one archive of all that a patient has. While the page is open, a second press goes on where the first ended. */
export function SaveArchive({ session }: SaveArchiveProps): ReactNode {
  const { say } = useWords();
  const [archive, setArchive] = useState<BlobArchive>();
  const [made, setMade] = useState<ChartExported>();
  const [at, setAt] = useState<Done>();
  const saving = useRun();
  const save = (): void =>
    saving.start(async () => {
      const file = archive ?? blobArchive();
      setArchive(file);
      setMade(undefined);
      setAt(undefined);
      const all = await exportChart(session.party, file, {
        onRecord: (done, of) => setAt({ done, of }),
      });
      setMade(all);
      saveBlob('records.tar', file.blob());
      // A later press is about a later moment.
      if (all.left.length === 0) setArchive(undefined);
    });
  return (
    <section>
      <h2>{say('exchange.archive')}</h2>
      <p>{say('exchange.archive-means')}</p>
      <p className="row">
        <Button busy={saving.busy} onClick={save}>
          {say('exchange.save-archive')}
        </Button>
      </p>
      <Awaiting
        on={saving}
        what={
          at === undefined
            ? say('exchange.auditing')
            : say('exchange.saving', { at: at.done, of: at.of })
        }
        done={at && at.done / Math.max(1, at.of)}
        again={save}
      />
      {made !== undefined && (
        <Notice
          kind={made.left.length + made.faults.length > 0 ? 'warn' : 'good'}
          title={say('exchange.saved-archive', { count: made.records })}
        >
          {made.left.length > 0 && (
            <p>{say('exchange.left-archive', { count: made.left.length })}</p>
          )}
          {made.faults.length > 0 && <p>{say('exchange.faults-archive')}</p>}
        </Notice>
      )}
    </section>
  );
}
