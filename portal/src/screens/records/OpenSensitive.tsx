import type { ReactNode } from 'react';
import type { Chart, ChartRecord } from '../../../../src/client/index.ts';
import { readerOf } from '../../session/ChartReader.ts';
import { openRecord } from '../../session/openRecord.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `OpenSensitive`. */
export interface OpenSensitiveProps {
  readonly session: Session;
  readonly chart: Chart;
  readonly record: ChartRecord;
}

/** Opens a record that is labelled as sensitive, once the patient asks; it stays open until the page locks. */
export function OpenSensitive({ session, chart, record }: OpenSensitiveProps): ReactNode {
  const { say, moment } = useWords();
  const opening = useRun();
  const { party } = session;
  const kind = say(`common.category-${record.category}`);
  const title = say('records.sensitive-one', { kind, when: moment(record.at) });
  const open = (): void =>
    opening.start(async () => {
      const { content } = await openRecord(party, chart, record);
      await readerOf(party, chart).take(record, content);
    });
  return (
    <>
      <Button busy={opening.busy} onClick={open} aria-label={say('chart.open-file', { title })}>
        {say('chart.open')}
      </Button>
      <Awaiting on={opening} again={open} />
    </>
  );
}
