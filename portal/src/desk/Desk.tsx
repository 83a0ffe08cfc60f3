import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Session } from '../session/Session.ts';
import { useNames } from '../session/useNames.ts';
import { useSteps } from '../session/useSteps.ts';
import { useTask } from '../session/useTask.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { List } from '../ui/List.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { useWords } from '../words/useWords.tsx';
import { deskOrder, isDueSoon } from './deskOrder.ts';
import classes from './Desk.module.css';
import { DeskDetail } from './DeskDetail.tsx';
import type { DeskFound, DeskItem, DeskKind } from './DeskKind.ts';
import { DeskRow } from './DeskRow.tsx';
import { StateText } from '../ui/StateText.tsx';

/** Properties of `Desk`. */
export interface DeskProps<Item extends DeskItem, Found extends DeskFound<Item>> {
  readonly session: Session;
  /** The same object at every drawing. */
  readonly kind: DeskKind<Item, Found>;
}

/** The last decision, with all that lay on the desk then. */
interface Settled {
  readonly key: string;
  readonly title: string;
  readonly said: string | undefined;
  readonly found: unknown;
}

/**
 * A desk: the queue of what waits, the most urgent first, and one item of it with its decision. Once that is taken, the queue
 * is there again, and the next item has the focus.
 */
export function Desk<Item extends DeskItem, Found extends DeskFound<Item>>({
  session,
  kind,
}: DeskProps<Item, Found>): ReactNode {
  const { say } = useWords();
  const found = useTask(async () => await kind.read(session), [session, kind]);
  const { again } = found;
  const read = found.state === 'done' ? found.value : undefined;
  const { step: chosen, go, back, finish } = useSteps<string>('');
  const [settled, setSettled] = useState<Settled>();
  const queue = useRef<HTMLElement>(null);
  // A decided item lies there until the desk is read again.
  const items = (read?.items ?? []).filter(({ key }) => {
    return settled?.found !== read || key !== settled?.key;
  });
  const nameOf = useNames(session, items.flatMap(kind.partiesOf));
  const inWords = kind.useLines(session, nameOf);
  const waiting = items.filter(({ isWaiting }) => isWaiting).toSorted(deskOrder);
  const others = items.filter(({ isWaiting }) => !isWaiting).toSorted(byAge);
  const open = items.find(({ key }) => key === chosen);
  const became = items.find(({ key }) => key === settled?.key);
  const isOpen = open !== undefined && read !== undefined;
  const now = seconds(session.party.clock);
  const soon = waiting.filter((each) => isDueSoon(each, now)).length;
  const isRead = read !== undefined && settled?.found !== read;
  useLayoutEffect(() => {
    if (settled === undefined || !isRead) return;
    const row = queue.current?.querySelector<HTMLElement>('button[data-waits="true"]');
    (row ?? queue.current?.querySelector('h2'))?.focus();
  }, [settled, isRead]);
  useEffect(() => {
    // The menu's entry of this screen leads to the queue, though the address stays as it is.
    const onClick = ({ target }: MouseEvent): void => {
      if (!(target instanceof Element) || !target.closest('nav a[aria-current="page"]')) return;
      go('');
      again();
    };
    document.addEventListener('click', onClick);
    return () => document.removeEventListener('click', onClick);
  }, [go, again]);
  const leave = (item: Item, title: string, said?: string): void => {
    if (item.isWaiting) {
      setSettled({ key: item.key, title, said, found: read });
      finish();
    }
    again();
  };
  const rows = (some: readonly Item[], none?: string): ReactNode => (
    <List items={some} keyOf={({ key }) => key} look="own" none={none}>
      {(item) => (
        <DeskRow
          item={item}
          words={inWords(item, read as Found)}
          isSoon={isDueSoon(item, now)}
          isShort={isOpen}
          isOpen={item === open}
          onOpen={() => go(item.key)}
        />
      )}
    </List>
  );
  const beside = { session, found: read, isOpen, onAgain: again };
  return (
    <>
      {isOpen && kind.Banner !== undefined && <kind.Banner session={session} item={open} />}
      <Page title={say(kind.title)} {...(!isOpen && { lead: say(kind.lead) })}>
        {settled !== undefined && !isOpen && (
          <Notice kind="good" title={say('desk.done', { what: settled.title })}>
            {settled.said !== undefined && <p>{settled.said}</p>}
            {became !== undefined &&
              inWords(became, read as Found).lines.map((line) => <p key={line}>{line}</p>)}
          </Notice>
        )}
        <div className={isOpen ? classes['open'] : undefined}>
          <section ref={queue} className={classes['queue']}>
            {!isOpen && (
              <>
                <p className="row">
                  <Button onClick={again}>{say('common.refresh')}</Button>
                </p>
                {kind.Above !== undefined && <kind.Above {...beside} />}
              </>
            )}
            <h2 tabIndex={-1}>
              {say(kind.waiting)} {read !== undefined && `(${waiting.length})`}
            </h2>
            {soon > 0 && (
              <p>
                <StateText state="expired">{say('desk.soon', { count: soon })}</StateText>
              </p>
            )}
            <Awaiting on={found} what={say(kind.reading)} />
            {rows(waiting, read && say(kind.none))}
            {!isOpen && others.length > 0 && (
              <>
                <h2>
                  {say(kind.others)} ({others.length})
                </h2>
                {rows(others)}
              </>
            )}
          </section>
          {isOpen && (
            <kind.Detail
              key={open.key}
              session={session}
              item={open}
              found={read}
              nameOf={nameOf}
              renderFrame={(shown) => <DeskDetail {...shown} onBack={back} />}
              onDone={(said) => leave(open, inWords(open, read).title, said)}
            />
          )}
        </div>
        {kind.Below !== undefined && (
          <div hidden={isOpen}>
            <kind.Below {...beside} />
          </div>
        )}
      </Page>
    </>
  );
}

/** The newest first: nobody has to do anything about these. */
function byAge({ since = 0 }: DeskItem, { since: other = 0 }: DeskItem): number {
  return other - since;
}
