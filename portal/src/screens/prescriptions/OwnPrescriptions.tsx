import { useRef, useState, type ReactNode } from 'react';
import {
  addDispenses,
  findStrayPrescriptions,
  formatSlip,
  passPrescription,
  readPrescriptions,
  type PrescriptionListed,
  type SlipPerson,
} from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { readerOf } from '../../session/ChartReader.ts';
import { unturned } from '../../words/readingOrder.ts';
import { personsOf } from '../chart/personsOf.ts';
import { birthIn } from '../patient/personShown.ts';
import { slipNumber } from './slipNumber.ts';
import { ShowWhom } from './ShowWhom.tsx';
import { ownChart } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { collectNews } from '../../session/people.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { PackedCode } from './PackedCode.tsx';
import { AlsoAllow } from './AlsoAllow.tsx';
import { isOpen, PrescriptionLine } from './PrescriptionLine.tsx';

/** The patient's own prescriptions, each with what a pharmacy needs. */
export function OwnPrescriptions({ session }: ScreenProps): ReactNode {
  const { say, day } = useWords();
  const { party } = session;
  const fresh = useRef(false);
  const found = useTask(async () => {
    const asksAgain = fresh.current;
    fresh.current = false;
    await collectNews(party);
    const chart = await ownChart(session, asksAgain);
    const read = await readPrescriptions(party, chart);
    const { prescriptions: all, unread } = read;
    await addDispenses(party, all);
    // Of records that are open already: the list opens none for it.
    const { persons } = readerOf(party, chart).state().arranged;
    const born = birthIn(personsOf(session.called, persons).own);
    const known = { name: session.called, ...(born !== undefined && { born }) };
    return { all, unread, known, strays: await findStrayPrescriptions(party, chart, read) };
  }, [session]);
  const read = found.state === 'done' ? found.value.strays : [];
  const nameOf = useNames(
    session,
    read.map(({ facts }) => facts.prescriber),
  );
  const refresh = (): void => {
    fresh.current = true;
    found.again();
  };
  if (found.state !== 'done') return <Awaiting on={found} what={say('medicines.reading')} />;
  const { all, unread, known, strays } = found.value;
  return (
    <Page title={say('medicines.title')} lead={say('medicines.lead')}>
      <p className="row">
        <Button onClick={refresh}>{say('common.refresh')}</Button>
      </p>
      {strays.map(({ digest, facts }) => (
        <Notice key={digest} kind="warn" title={say('medicines.stray')}>
          <p>
            {say('medicines.stray-told', {
              name: nameOf(facts.prescriber),
              whole: facts.amount * facts.fills,
              dispensed: facts.dispensed,
              when: day(facts.until),
            })}
          </p>
        </Notice>
      ))}
      {unread.length > 0 && (
        <Notice kind="warn" title={say('medicines.unread', { count: unread.length })} />
      )}
      <List
        items={all.toReversed()}
        none={say('medicines.none')}
        keyOf={(each) => each.digest}
        look="own"
      >
        {(each) => (
          <>
            <PrescriptionLine session={session} listed={each} />
            <ToShow session={session} listed={each} known={known} onRenewed={refresh} />
          </>
        )}
      </List>
    </Page>
  );
}

interface ToShowProps {
  /** Name and birth date of the patient, as far as this page knows them. */
  readonly known: SlipPerson;
  readonly session: Session;
  readonly listed: PrescriptionListed;
  readonly onRenewed: () => void;
}

function ToShow({ session, listed, known, onRenewed }: ToShowProps): ReactNode {
  const { say, locale } = useWords();
  const { party } = session;
  const { slip } = listed;
  const [open, setOpen] = useState(false);
  const [person, setPerson] = useState<SlipPerson>();
  /** Key that the patient made void. */
  const [former, setFormer] = useState<string>();
  const renewing = useRun();
  if (!isOpen(listed, seconds(party.clock))) return null;
  if (slip === undefined) return <p>{say('medicines.no-key')}</p>;
  // Until the new code is there, the void one is not to be shown.
  if (former === slip.key) return <Pending what={say('medicines.renewing')} />;
  const text = formatSlip({ ...slip, ...(person && { person }) });
  const renew = (): void =>
    renewing.start(async () => {
      await passPrescription(party, listed);
      setFormer(slip.key);
      onRenewed();
    });
  return (
    <>
      <p className="row">
        <Button kind="main" onClick={() => setOpen(!open)}>
          {say(open ? 'medicines.hide' : 'medicines.show')}
        </Button>
        <Button onClick={() => saveFile('prescription.json', text, 'application/json')}>
          {say('medicines.save')}
        </Button>
        <Button busy={renewing.busy} onClick={renew}>
          {say('medicines.renew')}
        </Button>
      </p>
      {open && (
        <>
          <PackedCode
            text={text}
            label={say('medicines.code')}
            caption={say('medicines.code-of', {
              medicine: visibleText(listed.message.terms.medicine),
              number: unturned(slipNumber(listed.digest), locale),
            })}
            otherwise={<Notice kind="warn" title={say('medicines.code-long')} />}
          >
            <p>{say('medicines.code-warn')}</p>
          </PackedCode>
          <ShowWhom known={known} person={person} onChange={setPerson} />
          <AlsoAllow session={session} />
        </>
      )}
      <Awaiting on={renewing} what={say('medicines.renewing')} />
      {former !== undefined && <Notice kind="good" title={say('medicines.renewed')} />}
    </>
  );
}
