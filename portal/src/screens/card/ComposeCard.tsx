import { useState, type ReactNode } from 'react';
import { ownChart } from '../../session/charts.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { askForLasting } from '../../vault/askForLasting.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { readCardLines } from './readCardLines.ts';
import { CardForm, type CardFormProps } from './CardForm.tsx';
import { CardView } from './CardView.tsx';
import { SavePicture } from './SavePicture.tsx';
import type { EmergencyCard } from '../../session/EmergencyCard.ts';
import { isShown, keepCard, noteCardChange } from '../../session/keptCard.ts';
import { hideCard, showWithoutKey } from '../../session/shownCards.ts';

/** Puts an emergency card together from the person's own records, prints it, and shows it without a key if that is wanted. */
export function ComposeCard({ session }: ScreenProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { party } = session;
  const [asking, setAsking] = useState(false);
  const [forgets, setForgets] = useState(false);
  const working = useRun();
  const found = useTask(async () => {
    const chart = await ownChart(session, true);
    const read = await readCardLines(party, chart, words, session.called);
    const card = await noteCardChange(party, chart.records);
    const latest = Math.max(0, ...chart.records.map(({ at }) => at));
    return { ...read, card, latest, shown: card !== undefined && (await isShown(card)) };
  }, [session]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('emergency.reading')} />;
  const { offered, unread, noneKnown, born, card, latest, shown } = found.value;
  const run = (what: () => Promise<void>): void =>
    working.start(async () => {
      await what();
      setAsking(false);
      found.again();
    });
  const make: CardFormProps['onMake'] = (name, lines, done) =>
    run(async () => {
      // A record of a node whose clock is ahead is on the card, and does not make it old.
      const made = Math.max(Math.floor(party.clock.now() / 1000), latest);
      await keepCard(party, { owner: party.address, name, made, lines: [...lines], noneKnown });
      await done();
    });
  const show = (which: EmergencyCard): void =>
    run(async () => {
      askForLasting();
      setForgets(!(await showWithoutKey(which)));
    });
  return (
    <Page title={say('emergency.title')} lead={say('emergency.lead')}>
      <Awaiting on={working} />
      {forgets && <Notice kind="warn" title={say('enter.forgets')} />}
      {card?.changed !== undefined && <Notice kind="warn" title={say('emergency.old')} />}
      {card !== undefined && (
        <>
          <CardView card={card} />
          {shown && <Notice kind="warn" title={say('emergency.shown')} />}
          <p className="row">
            <SavePicture card={card} />
            {shown ? (
              <Button
                kind="danger"
                busy={working.busy}
                onClick={() => run(async () => await hideCard(card.owner))}
              >
                {say('emergency.hide')}
              </Button>
            ) : (
              <Button onClick={() => setAsking(true)}>{say('emergency.show')}</Button>
            )}
          </p>
        </>
      )}
      {unread > 0 && <Notice kind="warn" title={say('emergency.unread', { count: unread })} />}
      <CardForm
        key={card?.made}
        session={session}
        offered={offered}
        born={born}
        card={card}
        busy={working.busy}
        onMake={make}
      />
      {asking && card !== undefined && (
        <Dialog title={say('emergency.show')} onClose={() => setAsking(false)}>
          <p>{say('emergency.show-lead')}</p>
          <p className="row">
            <Button kind="main" busy={working.busy} onClick={() => show(card)}>
              {say('emergency.show-here')}
            </Button>
            <Button onClick={() => setAsking(false)}>{say('common.cancel')}</Button>
          </p>
        </Dialog>
      )}
    </Page>
  );
}
