import { Fragment, useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import {
  cancelPrescription,
  holdPrescription,
  issuePrescription,
  readPrescriptions,
  reviewOrder,
  rightFor,
  signPrescription,
  type Chart,
  type ChartWanted,
  type OrderReview,
  prescriptionFileOf,
  type PrescriptionListed,
  type PrescriptionsRead,
  type PrescriptionSigned,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { unitsOfDose } from '../../../../src/fhir/dose/unitsOfDose.ts';
import { parseMedicineCode } from '../../../../src/fhir/parseMedicineCode.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { ZERO_ADDRESS, type Handle } from '../../../../src/protocol/ids.ts';
import { chartIn } from '../../session/charts.ts';
import { readPeople } from '../../session/people.ts';
import { personIn, personTyped } from '../../session/personTyped.ts';
import { afterReview, type Reviewed } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { useSteps } from '../../session/useSteps.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ChoosePeople } from './ChoosePeople.tsx';
import { DoseFields } from './DoseFields.tsx';
import { doseTyped, NO_DOSE } from './doseTyped.ts';
import { isOpen, PrescriptionLine } from './PrescriptionLine.tsx';
import { ProposedAmount } from './ProposedAmount.tsx';
import { RefusedInWords } from './RefusedInWords.tsx';
import { SignOrder, type OrderToSign } from './SignOrder.tsx';
import { ToHandOver } from './ToHandOver.tsx';
import { wholeIn } from './wholeIn.ts';

const DAY = 86_400;
const issue = afterReview(issuePrescription);
const signAlone = afterReview(signPrescription);
const hold = afterReview(holdPrescription);
const cancel = afterReview(cancelPrescription);
/** Numbers that a person types, each with its least and most. */
const NUMBERS = {
  amount: [1, 65_535],
  fills: [1, 255],
  interval: [0, 3650],
  days: [1, 3650],
} as const;
type NumberName = keyof typeof NUMBERS;
const TEXTS = ['medicine', 'dosage', 'unit'] as const;
type TextName = (typeof TEXTS)[number];
const NAMES = Object.keys(NUMBERS) as readonly NumberName[];
const FIRST = {
  texts: { medicine: '', unit: '', dosage: '' },
  numbers: { amount: '', fills: '1', interval: '0', days: '30' },
  coded: '',
  second: personTyped(),
  dose: NO_DOSE,
};

/** A doctor prescribes for a patient, and holds or cancels prescriptions of the chart. */
export function Prescribe({ session }: ScreenProps): ReactNode {
  const { handle } = useParams<{ handle: Handle }>();
  const { say } = useWords();
  const { party } = session;
  const draft = useDraft(session, `prescribe/${handle}`, FIRST);
  const { texts, numbers, coded } = draft.value;
  const hasList = party.network.channels.some(({ controlled }) => controlled !== undefined);
  const code = parseMedicineCode(coded);
  const isCoded = coded.trim() === '' || code !== undefined;
  const [tried, setTried] = useState(false);
  const second = personIn(draft.value.second);
  const [issued, setIssued] = useState<string>();
  const [waiting, setWaiting] = useState<Waiting>();
  const [review, setReview] = useState<Reviewing>();
  const issuing = useRun();
  const steps = useSteps<'order' | 'review'>('order');
  const checking = useRun();
  const listed = useTask(async () => await listOf(session, handle), [session, handle, issued]);
  const people = useTask(async () => await readPeople(party), [party]);
  const patient =
    people.state === 'done' ? people.value.find((each) => each.handle === handle)?.name : undefined;
  const dose = doseTyped(draft.value.dose, texts.unit);
  // Words may stand in place of a dose, and beside it.
  const isMissing = (name: TextName): boolean =>
    texts[name].trim() === '' && (name !== 'dosage' || dose === undefined);
  const isDosed = dose === undefined || dose.faults.length === 0;
  const isFilled = isDosed && !TEXTS.some(isMissing);
  const given = NAMES.map((name) => {
    const [least, most] = NUMBERS[name];
    return wholeIn(numbers[name], least, most);
  });
  const check = (): void => {
    setTried(true);
    const [amount, fills, interval, days] = given;
    if (!isFilled || !isCoded || amount === undefined || fills === undefined) return;
    if (interval === undefined || days === undefined) return;
    checking.start(async () => {
      setIssued(undefined);
      setWaiting(undefined);
      const found = await rightFor(party, { handle, action: 'add', category: 'medications' });
      if (found === undefined) throw new MedsealError('RIGHT_MISSING', {});
      const { grant } = found;
      const from = seconds(party.clock);
      const until = from + days * DAY;
      const right = { handle, grant, purpose: grant.terms.purpose };
      const order = {
        ...right,
        ...texts,
        ...(dose && { dose: dose.read }),
        amount,
        fills,
        interval,
        from,
        until,
      };
      const both = second && { controlled: true, second: second.address };
      const wanted = { ...order, ...(code && { code }), ...both };
      // News since the chart was opened count too.
      const openChart = readAgain.bind(undefined, session);
      const reviewed = await reviewOrder(party, wanted, { openChart });
      setReview({ order: reviewed, typed: draft.value, who: draft.value.second.name });
      steps.go('review');
    });
  };
  const sign = async (reviewed: Reviewed<OrderToSign>): Promise<void> => {
    const [{ order }] = reviewed.wanted;
    if (order.second === undefined) {
      await issue(party, reviewed);
      setIssued(order.medicine);
      await draft.drop(review?.typed);
    } else {
      const signed = await signAlone(party, reviewed);
      if (review !== undefined) setWaiting({ signed, who: review.who, typed: review.typed });
    }
    // It cannot be signed again, wherever the person went meanwhile.
    setReview(undefined);
    steps.finish();
    setTried(false);
  };
  if ((steps.step === 'review' || issuing.busy) && review !== undefined) {
    return (
      <Page key="review" title={say('medicines.prescribe')}>
        <SignOrder
          session={session}
          review={review.order}
          signing={issuing}
          who={patient}
          onSign={sign}
          onChange={steps.back}
        />
      </Page>
    );
  }
  return (
    <Page title={say('medicines.prescribe')} lead={say('medicines.prescribe-lead')}>
      <KeptDraft draft={draft} />
      {TEXTS.map((name) => (
        <Fragment key={name}>
          {name === 'dosage' && (
            <DoseFields
              typed={draft.value.dose}
              dose={dose}
              tried={tried}
              onChange={(field, text) =>
                draft.change({ dose: { ...draft.value.dose, [field]: text } })
              }
            />
          )}
          <TextField
            label={say(`medicines.${name}`)}
            {...(name === 'dosage' && { hint: say('medicines.dosage-beside') })}
            value={texts[name]}
            maxLength={name === 'dosage' ? 1000 : 96}
            onChange={(text) => draft.change({ texts: { ...texts, [name]: text } })}
            error={tried && isMissing(name) ? say('enter.fill-in') : undefined}
          />
        </Fragment>
      ))}
      {hasList && (
        <TextField
          label={say('medicines.coded')}
          value={coded}
          maxLength={96}
          onChange={(text) => draft.change({ coded: text })}
          error={tried && !isCoded ? say('medicines.coded-how') : undefined}
        />
      )}
      {NAMES.map((name, place) => (
        <Fragment key={name}>
          <TextField
            label={say(`medicines.${name}`)}
            inputMode="numeric"
            value={numbers[name]}
            onChange={(text) => draft.change({ numbers: { ...numbers, [name]: text } })}
            error={
              tried && given[place] === undefined
                ? say('medicines.number', { least: NUMBERS[name][0], most: NUMBERS[name][1] })
                : undefined
            }
          />
          {name === 'amount' && (
            <ProposedAmount
              count={dose && isDosed ? unitsOfDose(dose.read, texts.unit) : undefined}
              unit={visibleText(texts.unit)}
              typed={numbers.amount}
              onTake={(amount) => draft.change({ numbers: { ...numbers, amount } })}
            />
          )}
        </Fragment>
      ))}
      <ChoosePeople
        session={session}
        fields={[
          {
            label: say('medicines.second'),
            chosen: second,
            onChange: (person) => draft.change({ second: personTyped(person) }),
          },
        ]}
      />
      <p className="row">
        <Button kind="main" busy={checking.busy} onClick={check}>
          {say('medicines.check')}
        </Button>
      </p>
      <Awaiting on={checking} what={say('medicines.checking')} Refused={RefusedInWords} />
      {issued !== undefined && (
        <Notice kind="good" title={say('medicines.issued', { medicine: visibleText(issued) })} />
      )}
      {waiting !== undefined && (
        <ToHandOver
          title={say('medicines.second-waits', { who: visibleText(waiting.who) })}
          signed={prescriptionFileOf(waiting.signed)}
          file="prescription-to-sign.json"
          onSaved={() => void draft.drop(waiting.typed)}
        />
      )}
      <h2>{say('medicines.all')}</h2>
      <Awaiting on={listed} what={say('medicines.asking')} />
      {listed.state === 'done' && listed.value.unread.length > 0 && (
        <Notice
          kind="warn"
          title={say('medicines.unread', { count: listed.value.unread.length })}
        />
      )}
      {listed.state === 'done' && (
        <List
          items={listed.value.prescriptions.toReversed()}
          keyOf={(each) => each.digest}
          look="own"
        >
          {(each) => (
            <>
              <PrescriptionLine session={session} listed={each} />
              <Change session={session} listed={each} onChanged={listed.again} />
            </>
          )}
        </List>
      )}
    </Page>
  );
}

/** An order that was checked, with the fields that it was made of. */
interface Reviewing {
  readonly order: OrderReview;
  readonly typed: typeof FIRST;
  /** Name of the second doctor. */
  readonly who: string;
}

/** A prescription that waits for the second doctor, and that doctor's name. */
interface Waiting {
  readonly signed: PrescriptionSigned;
  readonly who: string;
  /** The fields that it was made of, kept until it was saved. */
  readonly typed: typeof FIRST;
}

async function readAgain(session: Session, wanted: ChartWanted): Promise<Chart> {
  return await chartIn(session, wanted, true);
}

async function listOf(session: Session, handle: Handle): Promise<PrescriptionsRead> {
  const { party } = session;
  const right = await rightFor(party, { handle, action: 'read', category: 'medications' });
  if (right?.grant.terms.read !== true) return { prescriptions: [], unread: [] };
  const { grant } = right;
  const chart = await chartIn(session, { handle, grant, purpose: grant.terms.purpose }, true);
  return await readPrescriptions(party, chart);
}

interface ChangeProps {
  readonly session: Session;
  readonly listed: PrescriptionListed;
  readonly onChanged: () => void;
}

function Change({ session, listed, onChanged }: ChangeProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const isOwn = listed.message.prescriber === party.address;
  if (!isOwn || !isOpen(listed, seconds(party.clock))) return null;
  const medicine = visibleText(listed.message.terms.medicine);
  const held = listed.facts?.state === 'active';
  const act = held ? 'hold' : 'resume';
  const { terms, second } = listed.message;
  const named = {
    charts: [terms.handle],
    about: second === ZERO_ADDRESS ? [] : [second],
  } as const;
  const sheet = {
    session,
    level: 3,
    waits: say('medicines.changing'),
    Refused: RefusedInWords,
  } as const;
  return (
    <div className="row">
      <SignSheet
        {...sheet}
        key={act}
        opens={say(`medicines.${act}`)}
        wanted={[listed.digest, held]}
        others={{ ...named, isEnd: held }}
        act={say(`medicines.${act}-now`)}
        run={async (reviewed) => {
          await hold(party, reviewed);
          onChanged();
        }}
      >
        <p>{say(`medicines.${act}-words`, { medicine })}</p>
      </SignSheet>
      <SignSheet
        {...sheet}
        opens={say('medicines.cancel')}
        opener="danger"
        wanted={[listed.digest]}
        others={{ ...named, isEnd: true }}
        isDanger
        act={say('medicines.cancel-now')}
        run={async (reviewed) => {
          await cancel(party, reviewed);
          onChanged();
        }}
      >
        <p>{say('medicines.cancel-words', { medicine })}</p>
      </SignSheet>
    </div>
  );
}
