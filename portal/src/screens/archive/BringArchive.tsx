import { useState, type ReactNode } from 'react';
import type { ChartImported, ImportOffered } from '../../../../src/client/index.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import { CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { fingerprintOf } from '../../../../src/protocol/network/fingerprintOf.ts';
import { bringAlong, lookInto, networkIn, type ArchiveGiven } from '../../session/bringAlong.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';

const bring = afterReview(bringAlong);

/** Properties of `BringArchive`. */
export interface BringArchiveProps {
  readonly session: Session;
}

/** Brings the records of an archive along to the patient's own chart: they look into it first. */
export function BringArchive({ session }: BringArchiveProps): ReactNode {
  const { say, moment } = useWords();
  const [archive, setArchive] = useState<File>();
  const [network, setNetwork] = useState<File>();
  const [looked, setLooked] = useState<{ given: ArchiveGiven; offered?: ImportOffered }>();
  const [at, setAt] = useState<{ readonly done: number; readonly of: number }>();
  const [isWrong, setWrong] = useState(false);
  const [brought, setBrought] = useState<ChartImported>();
  const looking = useRun();
  const chosen =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      setLooked(undefined);
      setBrought(undefined);
      setWrong(false);
    };
  const look = (): void =>
    looking.start(async () => {
      if (archive === undefined || network === undefined) return;
      setAt(undefined);
      setBrought(undefined);
      setWrong(false);
      const given = { archive, network: await networkIn(network) };
      try {
        const offered = await lookInto(session, given, (done, of) => setAt({ done, of }));
        setLooked({ given, ...(offered && { offered }) });
      } catch (error) {
        if (!isMedsealError(error, 'ARGUMENT_INVALID')) throw error;
        setWrong(true);
      }
    });
  const progress = (word: 'exchange.verifying' | 'exchange.bringing'): ReactNode => (
    <Pending
      what={say(word, { at: at?.done ?? 0, of: at?.of ?? 0 })}
      done={at && at.done / Math.max(1, at.of)}
    />
  );
  const { given, offered } = looked ?? {};
  return (
    <section>
      <h2>{say('exchange.bring')}</h2>
      <p>{say('exchange.bring-means')}</p>
      <FileField label={say('exchange.bring-file')} file={archive} onChange={chosen(setArchive)} />
      <FileField
        label={say('exchange.bring-network')}
        hint={say('exchange.bring-network-hint')}
        file={network}
        onChange={chosen(setNetwork)}
      />
      <p className="row">
        <Button
          busy={looking.busy}
          disabled={archive === undefined || network === undefined}
          onClick={look}
        >
          {say('exchange.bring-look')}
        </Button>
      </p>
      <Awaiting on={looking} what={progress('exchange.verifying')} again={look} />
      {isWrong && <Notice kind="bad" title={say('exchange.bring-wrong')} />}
      {given !== undefined && offered === undefined && (
        <Notice title={say('exchange.bring-nothing')} />
      )}
      {given !== undefined && offered !== undefined && brought === undefined && (
        <SignSheet
          session={session}
          level={3}
          wanted={[given, (done: number, of: number) => setAt({ done, of })]}
          others="own-records"
          act={say('exchange.bring-sign')}
          waits={progress('exchange.bringing')}
          onBack={() => setLooked(undefined)}
          run={async (reviewed) => {
            setAt(undefined);
            setBrought(await bring(session, reviewed));
          }}
        >
          <p>{say('exchange.bring-from', { at: moment(offered.at) })}</p>
          <List
            all
            look="text"
            items={CATEGORIES.filter((category) => offered.categories[category] !== undefined)}
            keyOf={(category) => category}
          >
            {(category) =>
              say('exchange.bring-kind', {
                kind: say(`common.category-${category}`),
                count: offered.categories[category] ?? 0,
              })
            }
          </List>
          {offered.patient.patients.map(({ names, birthDate }, place) => (
            <p key={place}>
              {say('exchange.bring-about', { name: names[0] ?? '–', born: birthDate ?? '–' })}
            </p>
          ))}
          <p>
            {say('exchange.bring-print')}{' '}
            <code>{fingerprintOf(session.party.primitives, given.network)}</code>
          </p>
          <p>{say('exchange.bring-says')}</p>
        </SignSheet>
      )}
      {brought !== undefined && (
        <Notice
          kind={brought.left.length + brought.faults.length > 0 ? 'warn' : 'good'}
          title={say('exchange.brought', { count: brought.records })}
        >
          {brought.left.length > 0 && (
            <p>{say('exchange.bring-left', { count: brought.left.length })}</p>
          )}
          {brought.batches > 0 && (
            <p>{say('exchange.bring-batches', { count: brought.batches })}</p>
          )}
        </Notice>
      )}
    </section>
  );
}
