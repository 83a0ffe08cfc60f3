import { useRef, useState, type ReactNode } from 'react';
import {
  addDispenses,
  checkInbox,
  findStrayPrescriptions,
  formatSlip,
  passPrescription,
  readPrescriptions,
  type PrescriptionListed,
} from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { fitsQr } from '../../../../src/protocol/wire/qrCapacity.ts';
import { ownChart } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { Qr } from '../../ui/Qr.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
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
    await checkInbox(party);
    const chart = await ownChart(session, asksAgain);
    const read = await readPrescriptions(party, chart);
    const { prescriptions: all, unread } = read;
    await addDispenses(party, all);
    return { all, unread, strays: await findStrayPrescriptions(party, chart, read) };
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
  if (found.state === 'working') return <Pending what={say('medicines.reading')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const { all, unread, strays } = found.value;
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
      {all.length === 0 && <p>{say('medicines.none')}</p>}
      <ul className="cards">
        {all.toReversed().map((each) => (
          <li key={each.digest}>
            <PrescriptionLine session={session} listed={each} />
            <ToShow session={session} listed={each} onRenewed={refresh} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

interface ToShowProps {
  readonly session: Session;
  readonly listed: PrescriptionListed;
  readonly onRenewed: () => void;
}

function ToShow({ session, listed, onRenewed }: ToShowProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const { slip } = listed;
  const [open, setOpen] = useState(false);
  /** Key that the patient made void. */
  const [former, setFormer] = useState<string>();
  const renewing = useRun();
  if (!isOpen(listed, seconds(party.clock))) return null;
  if (slip === undefined) return <p>{say('medicines.no-key')}</p>;
  // Until the new code is there, the void one is not to be shown.
  if (former === slip.key) return <Pending what={say('medicines.renewing')} />;
  const text = formatSlip(slip);
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
          {fitsQr(text) ? (
            <>
              <p>{say('medicines.code-warn')}</p>
              <Qr text={text} label={say('medicines.code')} exact />
            </>
          ) : (
            <Notice kind="warn" title={say('medicines.code-long')} />
          )}
          <AlsoAllow session={session} />
        </>
      )}
      {renewing.busy && <Pending what={say('medicines.renewing')} />}
      {renewing.error !== undefined && <Failure error={renewing.error} />}
      {former !== undefined && <Notice kind="good" title={say('medicines.renewed')} />}
    </>
  );
}
