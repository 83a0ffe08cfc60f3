import { useState, type ReactNode } from 'react';
import {
  handOverWill,
  listGrants,
  readLife,
  readWill,
  setWill,
  type GrantListed,
  type Party,
} from '../../../../src/client/index.ts';
import type { Bytes32, Handle } from '../../../../src/protocol/ids.ts';
import type { Grant } from '../../../../src/protocol/struct/requests.ts';
import { VITALS } from '../../../../src/protocol/struct/vitalTypes.ts';
import { useNames, type NameOf } from '../../session/useNames.ts';
import { afterReview, type Reviewed } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useRecordsNamed } from '../../session/useRecordsNamed.ts';
import { useTask } from '../../session/useTask.ts';
import { Choices } from '../../ui/Choices.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { wholeIn } from '../prescriptions/wholeIn.ts';
import { OwnLife } from './OwnLife.tsx';
import { VitalFailure } from './VitalFailure.tsx';

const YEAR = 31_557_600;
const set = afterReview(async (party: Party, will: NewWill) => {
  await setWill(party, will);
  if (will.grants.length > 0) await handOverWill(party);
});
type NewWill = Parameters<typeof setWill>[1];

/** Shows a patient what is said of their birth and death, to object with one click, and their will, to set it. */
export function OwnWill({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const handle = session.handle as Handle;
  const found = useTask(async () => {
    const [life, known] = [await readLife(party, handle), await readWill(party)];
    const grants = (await listGrants(party)).filter(({ grant }) => grant?.terms.read === true);
    return { life, known, grants };
  }, [session]);
  const value = found.state === 'done' ? found.value : undefined;
  const nameOf = useNames(session, [
    ...(value?.grants.flatMap(({ grant }) => grant?.terms.grantee ?? []) ?? []),
    ...(value === undefined ? [] : VITALS.flatMap((what) => value.life[what].reporter ?? [])),
  ]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('vital.reading')} />;
  const { life, known, grants } = found.value;
  return (
    <Page title={say('vital.title')} lead={say('vital.lead')}>
      <OwnLife session={session} life={life} nameOf={nameOf} onDone={found.again} />
      {life.death.stage === 'none' && (
        <WillForm
          session={session}
          key={known.number}
          set={known.number}
          kept={known.will?.terms.grants}
          years={known.will === undefined ? '1' : String(Math.ceil(known.will.terms.lasts / YEAR))}
          grants={grants}
          nameOf={nameOf}
          onSet={async (reviewed) => {
            await set(party, reviewed);
            found.again();
          }}
        />
      )}
    </Page>
  );
}

interface WillFormProps {
  readonly session: Session;
  /** Number of the will that stands; 0 for none. */
  readonly set: number;
  /** Its grants; absent if no device knows them. */
  readonly kept: readonly Bytes32[] | undefined;
  readonly years: string;
  readonly grants: readonly GrantListed[];
  readonly nameOf: NameOf;
  readonly onSet: (reviewed: Reviewed<readonly [will: NewWill]>) => Promise<void>;
}

function WillForm(props: WillFormProps): ReactNode {
  const { session, set, kept, grants, nameOf, onSet } = props;
  const { say } = useWords();
  const inWords = useTermsInWords();
  const recordNamed = useRecordsNamed(
    session,
    grants.flatMap(({ grant }) => {
      return grant ? [{ handle: grant.handle, record: grant.terms.record }] : [];
    }),
  );
  const [ticked, setChosen] = useState<readonly Bytes32[]>(kept ?? []);
  // Only what is listed, and so in words, is signed.
  const chosen = ticked.filter((each) =>
    grants.some(({ digest, grant }) => digest === each && grant !== undefined),
  );
  const [years, setYears] = useState(props.years);
  const whole = wholeIn(years, 1, 30);
  const handle = session.handle as Handle;
  const termsOf = ({ terms }: Grant): string =>
    inWords({ ...terms, add: false, amend: false }, recordNamed(terms.record));
  const standing = kept === undefined ? 'vital.will-unknown' : 'vital.will-set';
  return (
    <>
      <h2>{say('vital.will')}</h2>
      <Notice
        kind={set > 0 && kept === undefined ? 'warn' : 'good'}
        title={set === 0 ? say('vital.will-none') : say(standing, { count: kept?.length ?? 0 })}
      />
      {grants.length === 0 && <p>{say('vital.no-rights')}</p>}
      {grants.length > 0 && (
        <Choices
          legend={say('vital.keep')}
          choices={grants.flatMap(({ digest, grant }) => {
            if (grant === undefined) return [];
            const hint = termsOf(grant);
            const label = nameOf(grant.terms.grantee);
            return [{ value: digest, label, hint }];
          })}
          chosen={chosen}
          onChange={setChosen}
        />
      )}
      <TextField
        label={say('vital.years')}
        inputMode="numeric"
        value={years}
        onChange={setYears}
        error={whole === undefined ? say('medicines.number', { least: 1, most: 30 }) : undefined}
      />
      <SignSheet
        session={session}
        level={3}
        wanted={whole === undefined ? undefined : [{ handle, grants: chosen, lasts: whole * YEAR }]}
        others={{
          to: grants.flatMap(({ digest, grant }) =>
            grant !== undefined && chosen.includes(digest) ? [grant.terms.grantee] : [],
          ),
        }}
        act={say('vital.set')}
        waits={say('vital.waiting')}
        Refused={VitalFailure}
        run={onSet}
      >
        <p>
          {say(chosen.length === 0 ? 'vital.will-keeps-none' : 'vital.will-keeps', {
            years: whole ?? 0,
          })}
        </p>
        <List
          all
          look="list"
          items={grants.flatMap(({ digest, grant }) =>
            grant !== undefined && chosen.includes(digest) ? [{ digest, grant }] : [],
          )}
          keyOf={({ digest }) => digest}
        >
          {({ grant }) => (
            <>
              <strong>{nameOf(grant.terms.grantee)}</strong> {termsOf(grant)}
            </>
          )}
        </List>
      </SignSheet>
    </>
  );
}
