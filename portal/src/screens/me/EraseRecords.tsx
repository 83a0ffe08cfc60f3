import { useRef, useState, type ReactNode } from 'react';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { retainedUntil } from '../../../../src/protocol/rights/retainedUntil.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { erasableKinds } from '../../session/erasableKinds.ts';
import { eraseCategory } from '../../session/eraseCategory.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { ListCounted } from '../../ui/ListCounted.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useSure } from '../../ui/useSure.tsx';
import { useWords } from '../../words/useWords.tsx';

const erase = afterReview(eraseCategory);

/** Properties of `EraseRecords`. */
export interface EraseRecordsProps {
  readonly session: Session;
}

/** Erases all present records of a kind for good; the chart is not asked for before somebody wants that. */
export function EraseRecords({ session }: EraseRecordsProps): ReactNode {
  const { say } = useWords();
  const [isChoosing, setChoosing] = useState(false);
  return (
    <section>
      <h2>{say('records.erase')}</h2>
      <p>{say('records.erase-lead')}</p>
      {isChoosing ? (
        <ChooseKind session={session} />
      ) : (
        <p className="row">
          <Button onClick={() => setChoosing(true)}>{say('records.erase-choose')}</Button>
        </p>
      )}
    </section>
  );
}

/** Chooses a kind that the chart has, and erases it once the person has read what that means. */
function ChooseKind({ session }: EraseRecordsProps): ReactNode {
  const { say, day } = useWords();
  const [chosen, setChosen] = useState<Category>();
  const [erased, setErased] = useState<string>();
  const [asking, setAsking] = useState(false);
  const sure = useSure(say('keys.forget-question'), say('records.erase-sure'));
  const isFresh = useRef(false);
  const found = useTask(async () => await erasableKinds(session, isFresh.current), [session]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('common.loading')} />;
  const { chart, batches, kinds } = found.value;
  const category = kinds.find((each) => each === chosen) ?? kinds[0];
  const done = erased !== undefined && (
    <Notice kind="good" title={say('records.erase-done', { kind: erased })} />
  );
  const counted = (
    <ListCounted
      party={session.party}
      chart={chart}
      beside={batches}
      onAgain={() => {
        isFresh.current = true;
        found.again();
      }}
    >
      {category === undefined && !done && <p>{say('records.erase-none')}</p>}
    </ListCounted>
  );
  if (category === undefined) {
    return (
      <>
        {done}
        {counted}
      </>
    );
  }
  const kind = say(`common.category-${category}`);
  const { network, address } = session.party;
  const until = retainedUntil(network, address, category, chart.records);
  return (
    <>
      {done}
      {counted}
      <SelectField
        label={say('records.erase-kind')}
        choices={kinds.map((value) => ({ value, label: say(`common.category-${value}`) }))}
        value={category}
        onChange={setChosen}
      />
      {until > seconds(session.party.clock) ? (
        <Notice kind="warn" title={say('records.erase-kept', { kind, day: day(until) })} />
      ) : (
        <p className="row">
          <Button kind="danger" onClick={() => setAsking(true)}>
            {say('records.erase-all', { kind })}
          </Button>
        </p>
      )}
      {asking && (
        <SignSheet
          session={session}
          inFront
          title={say('records.erase-question', { kind })}
          wanted={[chart, { category, title: say('records.erased') }]}
          others="own-records"
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
            setErased(undefined);
            await erase(session, reviewed);
            setAsking(false);
            sure.clear();
            setErased(kind);
            found.again();
          }}
        >
          <p>{say('records.erase-lost')}</p>
          <p>{say('records.erase-not')}</p>
          {sure.box}
        </SignSheet>
      )}
    </>
  );
}
