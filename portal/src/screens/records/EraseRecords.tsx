import { useState, type ReactNode } from 'react';
import type { Chart } from '../../../../src/client/index.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { eraseCategory } from '../../session/eraseCategory.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { Button } from '../../ui/Button.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useSure } from '../../ui/useSure.tsx';
import { useWords } from '../../words/useWords.tsx';

const erase = afterReview(eraseCategory);

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
  const kind = say(`common.category-${category}`);
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
        <SignSheet
          session={session}
          inFront
          title={say('records.erase-question', { kind })}
          wanted={[chart, { category, title: say('records.erased') }]}
          isReady={sure.isTicked}
          isDanger
          act={say('records.erase')}
          waits={say('records.erasing')}
          onMissing={() => sure.require()}
          onBack={() => {
            setAsking(false);
            sure.clear();
          }}
          run={async (reviewed) => {
            await erase(session, reviewed);
            setAsking(false);
            onErased();
          }}
        >
          <p>{say('records.erase-lost')}</p>
          <p>{say('records.erase-not')}</p>
          {sure.box}
        </SignSheet>
      )}
    </section>
  );
}
