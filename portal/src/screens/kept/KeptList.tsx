import { useEffect, useState, type ReactNode } from 'react';
import type { KeptHolder } from '../../../../src/client/index.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { keptHere, openKeptFile, removeHere, type KeptHere } from '../../session/keptHere.ts';
import type { OpenedRecord } from '../../session/openRecord.ts';
import { peopleHere } from '../../session/people.ts';
import { titleKey } from '../../session/titleKey.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { OpenedView } from '../../ui/OpenedView.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import { titlesOfOpened } from '../records/titlesOfOpened.ts';
import { StateText } from '../../ui/StateText.tsx';

/** Properties of `KeptList`. */
export interface KeptListProps {
  readonly holder: KeptHolder;
  /** The person's own chart, for a patient. */
  readonly own?: Handle | undefined;
}

/** The records that this device keeps for a person: each record opens, without a view, until its time is over. */
export function KeptList({ holder, own }: KeptListProps): ReactNode {
  const { say } = useWords();
  const found = useTask(
    async () => ({ records: await keptHere(holder), people: await peopleHere(holder) }),
    [holder],
  );
  const { again } = found;
  const records = found.state === 'done' ? found.value.records : [];
  const next = records[0]?.kept.keep;
  useEffect(() => {
    if (next === undefined) return undefined;
    // A record whose time is over leaves the screen too, whether it is open or not.
    return holder.clock.after(Math.max(0, next * 1000 - holder.clock.now()), again);
  }, [holder, next, again]);
  if (found.state !== 'done') {
    return <Awaiting on={found} what={say('common.loading')} again={again} />;
  }
  const nameOf = (handle: Handle): string | undefined =>
    found.value.people.find((each) => each.handle === handle)?.name;
  if (records.length === 0) return <p>{say('kept.none')}</p>;
  return (
    <List items={records} keyOf={(record) => titleKey(record.kept.version)}>
      {(record) => (
        <KeptItem
          holder={holder}
          record={record}
          who={record.kept.handle === own ? undefined : nameOf(record.kept.handle)}
          onRemoved={again}
        />
      )}
    </List>
  );
}

function KeptItem({
  holder,
  record,
  who,
  onRemoved,
}: {
  readonly holder: KeptHolder;
  readonly record: KeptHere;
  /** The patient, if it is a contact. */
  readonly who: string | undefined;
  readonly onRemoved: () => void;
}): ReactNode {
  const words = useWords();
  const { say, moment, day } = words;
  const [shown, setShown] = useState<{ readonly file?: OpenedRecord }>();
  const running = useRun();
  const { kept, opened, file } = record;
  const { version, keep } = kept;
  const title = titlesOfOpened(words, [opened])[titleKey(version)] ?? say('records.file');
  const show = (): void => {
    if (shown !== undefined) return setShown(undefined);
    running.start(async () => {
      setShown(file === undefined ? {} : { file: await openKeptFile(holder, file) });
    });
  };
  const remove = (): void =>
    running.start(async () => {
      await removeHere(holder, record);
      // The button that had the focus goes with its record.
      document.querySelector('h1')?.focus();
      onRemoved();
    });
  return (
    <>
      <span className="kind">{say(`common.category-${version.category}`)}</span>
      <strong dir="auto">{title}</strong>
      <span className="by">
        {[who, day(version.at)].filter((each) => each !== undefined).join(' · ')}
      </span>
      <StateText>{say('kept.until', { until: moment(keep) })}</StateText>
      <Awaiting on={running} />
      {shown !== undefined && <OpenedView opened={opened} file={shown.file} />}
      <p className="row">
        <Button
          kind={shown === undefined ? 'main' : 'plain'}
          busy={running.busy}
          aria-expanded={shown !== undefined}
          aria-label={say(shown === undefined ? 'kept.look-at' : 'kept.close-of', { title })}
          onClick={show}
        >
          {say(shown === undefined ? 'kept.look' : 'kept.close')}
        </Button>
        <Button
          kind="danger"
          busy={running.busy}
          aria-label={say('kept.remove-of', { title })}
          onClick={remove}
        >
          {say('kept.remove')}
        </Button>
      </p>
    </>
  );
}
