import type { ReactNode } from 'react';
import { listClaims, type ClaimListed, type ClaimsListed } from '../../../../src/client/index.ts';
import { claimTermsOf } from '../../../../src/protocol/care/claimTermsOf.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { isPendingClaim } from '../../../../src/protocol/care/isPendingClaim.ts';
import type { NetworkFile } from '../../../../src/protocol/network/NetworkFile.ts';
import { collectNews, readPeople, type Person } from '../../session/people.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { Desk } from '../../desk/Desk.tsx';
import type { DeskBesideProps, DeskItem, DeskKind, DecisionProps } from '../../desk/DeskKind.ts';
import { PatientBanner } from '../patient/PatientBanner.tsx';
import { usePatientNames } from '../patients/usePatientNames.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { ClaimDetail } from './ClaimDetail.tsx';
import { claimWaits } from './claimWaits.ts';
import { OwnUnits } from './OwnUnits.tsx';
import { useAmount } from './useAmount.ts';
import { useClaimInWords } from './useClaimInWords.ts';

interface ClaimItem extends DeskItem {
  readonly listed: ClaimListed;
}

interface ClaimsFound {
  readonly items: readonly ClaimItem[];
  /** Number of bills that could not be opened. */
  readonly unread: ClaimsListed['unread'];
  readonly people: readonly Person[];
}

/** The desk of an insurer: claims that it is asked to pay. */
const CLAIMS: DeskKind<ClaimItem, ClaimsFound> = {
  title: 'claims.title-insurer',
  lead: 'claims.lead-insurer',
  reading: 'claims.reading',
  waiting: 'desk.waits-for-you',
  none: 'claims.none-waits',
  others: 'claims.others',
  async read({ party }) {
    await collectNews(party);
    const { claims, unread } = await listClaims(party);
    const now = seconds(party.clock);
    const items = claims.toReversed().map((listed): ClaimItem => {
      const { facts, digest } = listed;
      return {
        key: digest,
        listed,
        isWaiting: claimWaits(facts, party.address, now),
        since: sinceOf(listed, party.network),
        due: facts.due,
      };
    });
    return { items, unread, people: await readPeople(party) };
  },
  partiesOf: ({ listed: { message } }) => [message.insurer, message.terms.claimant],
  useLines(session, nameOf) {
    const { say } = useWords();
    const amount = useAmount();
    const patientName = usePatientNames();
    const inWords = useClaimInWords(session, nameOf);
    return ({ listed }, { people }) => ({
      title: say('claims.of', {
        amount: amount(listed.facts.amount),
        insurer: nameOf(listed.message.insurer),
        patient: patientName(people, listed.message.terms.handle),
        side: 'insurer',
      }),
      lines: inWords(listed),
    });
  },
  Detail: OneClaim,
  Banner: ({ session, item }) => (
    <PatientBanner session={session} handle={item.listed.message.terms.handle} />
  ),
  Above: AboveClaims,
};

/** Claims that an insurer is asked to pay, each with its decision. */
export function ClaimDesk({ session }: ScreenProps): ReactNode {
  return <Desk session={session} kind={CLAIMS} />;
}

function OneClaim({
  session,
  item,
  renderFrame,
  onDone,
}: DecisionProps<ClaimItem, ClaimsFound>): ReactNode {
  return (
    <ClaimDetail
      session={session}
      claim={item.listed.digest}
      renderFrame={renderFrame}
      onDone={onDone}
    />
  );
}

function AboveClaims({ session, found }: DeskBesideProps<ClaimsFound>): ReactNode {
  const { say } = useWords();
  const unread = found?.unread ?? 0;
  return (
    <>
      <OwnUnits session={session} after={found} />
      {unread > 0 && <Notice kind="warn" title={say('claims.unread', { count: unread })} />}
    </>
  );
}

/** While a claim waits for somebody, its term began with its last step. */
function sinceOf({ facts }: ClaimListed, network: NetworkFile): number | undefined {
  return isPendingClaim(facts) ? facts.due - claimTermsOf(network).term : undefined;
}
