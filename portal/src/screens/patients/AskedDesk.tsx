import type { ReactNode } from 'react';
import {
  knownRights,
  readAskedFor,
  type AccessAsked,
  type KnownRight,
} from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { collectNews, readPeople, type Person } from '../../session/people.ts';
import { useWords } from '../../words/useWords.tsx';
import { Desk } from '../../desk/Desk.tsx';
import type { DecisionProps, DeskItem, DeskKind } from '../../desk/DeskKind.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import type { TermsSaid } from '../share/coveredInWords.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { AskedActs } from './AskedActs.tsx';
import { stateOfAsked, type AskedState } from './stateOfAsked.ts';
import { usePatientNames } from './usePatientNames.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** A request of the person, or a right that a patient gave. */
interface AskedItem extends DeskItem {
  readonly handle: Handle;
  readonly terms: TermsSaid;
  readonly state: AskedState | 'holds' | 'ended';
  /** Absent for a right. */
  readonly asked?: AccessAsked;
}

interface AskedFound {
  readonly items: readonly AskedItem[];
  readonly people: readonly Person[];
}

/** The desk of a researcher: what was asked for, what was given, and what has ended. */
const ASKED: DeskKind<AskedItem, AskedFound> = {
  title: 'patients.asked',
  lead: 'patients.asked-lead',
  reading: 'patients.reading',
  waiting: 'patients.waits',
  none: 'patients.none-waits',
  others: 'patients.answered',
  async read({ party }) {
    await collectNews(party);
    const [asked, rights] = [await readAskedFor(party), await knownRights(party)];
    const now = seconds(party.clock);
    const items = [
      ...asked.map((each) => itemOfAsked(each, rights, now)),
      ...rights.map((each) => itemOfRight(each, now)),
    ];
    return { items, people: await readPeople(party) };
  },
  partiesOf: () => [],
  useLines() {
    const { say, moment } = useWords();
    const inWords = useTermsInWords(true);
    const patientName = usePatientNames();
    return ({ handle, terms, state, due = 0 }, { people }) => ({
      title: patientName(people, handle),
      lines: [
        state === 'ended' || state === 'holds'
          ? say(`patients.right-${state}`, { until: moment(terms.until) })
          : say(`patients.state-${state}`, { until: moment(due) }),
        inWords(terms),
      ],
    });
  },
  Detail: OneAsked,
  Above: AskLink,
};

/** Requests of a researcher to patients, and the rights that they gave. */
export function AskedDesk({ session }: ScreenProps): ReactNode {
  return <Desk session={session} kind={ASKED} />;
}

function OneAsked(props: DecisionProps<AskedItem, AskedFound>): ReactNode {
  const { session, item, found, nameOf, renderFrame, onDone } = props;
  const { say } = useWords();
  const words = ASKED.useLines(session, nameOf)(item, found);
  const { asked, state, handle } = item;
  const who = words.title;
  const isAsked = asked !== undefined && state !== 'holds' && state !== 'ended';
  return renderFrame({
    ...words,
    children: isAsked ? (
      <AskedActs session={session} asked={asked} state={state} who={who} onDone={onDone} />
    ) : (
      state === 'holds' && (
        <ButtonLink href={`/patients/${handle}`}>{say('patients.open-chart', { who })}</ButtonLink>
      )
    ),
  });
}

function AskLink(): ReactNode {
  const { say } = useWords();
  return (
    <p className="row">
      <ButtonLink href="/ask" kind="main">
        {say('patients.ask')}
      </ButtonLink>
    </p>
  );
}

function itemOfAsked(asked: AccessAsked, rights: readonly KnownRight[], now: number): AskedItem {
  const { handle, terms, deadline } = asked.request.message;
  const state = stateOfAsked(asked, rights, now);
  return {
    key: asked.digest,
    handle,
    terms,
    state,
    asked,
    isWaiting: state === 'waiting',
    // A right that is asked for begins when it is asked for.
    since: terms.from,
    due: deadline,
  };
}

function itemOfRight({ grant: { handle, terms }, digest }: KnownRight, now: number): AskedItem {
  const state = terms.until > now ? 'holds' : 'ended';
  return { key: digest, handle, terms, state, isWaiting: false, since: terms.from };
}
