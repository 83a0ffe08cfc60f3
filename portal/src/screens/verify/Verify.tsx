import { useState, type ReactNode } from 'react';
import type { EntryBody } from '../../../../src/protocol/evidence/evidence.ts';
import { parseNetworkFile } from '../../../../src/protocol/network/parseNetworkFile.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { Place } from '../../session/Place.ts';
import { useRun } from '../../session/useRun.ts';
import { BlockTable } from '../../ui/BlockTable.tsx';
import { DropFiles } from '../../ui/DropFiles.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { ScanCode } from '../../ui/ScanCode.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { sayCode } from '../../words/sayCode.ts';
import { useWords } from '../../words/useWords.tsx';
import { useEventInWords } from '../evidence/useEventInWords.ts';
import type { PublicScreenProps } from '../ScreenProps.ts';
import { verifyGiven, type GivenFile } from './verifyGiven.ts';
import type { Told, VerifyFinding } from './VerifyFinding.ts';
import classes from './Verify.module.css';

const KINDS = { safe: 'good', doubtful: 'warn', unsafe: 'bad' } as const;

/** Verifies files of evidence in this page, without asking anybody. */
export function Verify({ place }: PublicScreenProps): ReactNode {
  const { say } = useWords();
  const [files, setFiles] = useState<readonly GivenFile[]>([]);
  const [findings, setFindings] = useState<readonly VerifyFinding[]>([]);
  const [part, setPart] = useState<number>();
  const run = useRun();
  const verify = (evidence: readonly GivenFile[], sealed?: GivenFile): void => {
    if (run.busy) return;
    setFiles(evidence);
    setFindings([]);
    setPart(undefined);
    run.start(async () => {
      await shown();
      const pinned = await firstPinned(place);
      const now = Date.now() / 1000;
      const context = { network: place.network, pinned, now, onPart: setPart };
      setFindings(await verifyGiven(context, evidence, sealed));
    });
  };
  return (
    <Page title={say('verify.title')} lead={say('verify.lead')}>
      <DropFiles
        label={say('verify.file')}
        hint={say('verify.file-hint')}
        accept=".json,application/json"
        multiple
        onFiles={(chosen) => verify(chosen)}
      />
      <ScanCode
        kinds={['signed']}
        onText={(text) => verify([new File([text], say('verify.scanned'))])}
      />
      <Awaiting on={run} what={say('verify.verifying')} done={part} />
      {findings.map((finding, at) => (
        <Found key={at} finding={finding} />
      ))}
      {files.length === 1 && findings[0]?.kind === 'receipt' && (
        <DropFiles
          label={say('verify.sealed')}
          hint={say('verify.sealed-hint')}
          onFiles={([sealed]) => verify(files, sealed)}
        />
      )}
    </Page>
  );
}

function Found({ finding }: { readonly finding: VerifyFinding }): ReactNode {
  const { say } = useWords();
  const { what, kind, state, body, checked, doubts, faults, unchecked, blocks } = finding;
  return (
    <section className={classes['finding']}>
      <h2>{visibleText(what, 120)}</h2>
      <Notice
        kind={KINDS[state]}
        title={`${say(`verify.${state}`)} · ${say(`verify.kind-${kind}`)}`}
      >
        <List look="text" items={faults} keyOf={(fault) => fault}>
          {(fault) => visibleText(fault)}
        </List>
        {faults.length > 0 && <p>{say('verify.unsafe-advice')}</p>}
        <Sentences list={doubts} />
      </Notice>
      {body !== undefined && <Says body={body} />}
      {checked.length > 0 && (
        <>
          <h3>{say('verify.checked')}</h3>
          <Sentences list={checked} mark="✓" />
        </>
      )}
      {unchecked.length > 0 && state !== 'unsafe' && (
        <>
          <h3>{say('verify.unchecked')}</h3>
          <Sentences list={unchecked} mark="–" />
        </>
      )}
      {blocks !== undefined && blocks.length > 0 && (
        <BlockTable
          caption={say('verify.blocks')}
          blocks={blocks.map(({ header, entries, faults: wrong }) => ({
            header,
            entries: `${entries}`,
            safe: wrong.length === 0,
          }))}
        />
      )}
    </section>
  );
}

/** The event that an entry proves, in a sentence. */
function Says({ body }: { readonly body: EntryBody }): ReactNode {
  const words = useWords();
  const { say, moment } = words;
  const inWords = useEventInWords();
  if (body.format !== 'medseal-body/1') {
    const counts = Object.entries(body.counts).map(
      ([code, count]) => `${count} × ${sayCode(words, code) ?? code}`,
    );
    return <p>{say('verify.summary', { when: moment(body.at), counts: counts.join(' ') })}</p>;
  }
  const { party } = body.request;
  return (
    <FactList
      facts={[
        [say('verify.event'), inWords(`${party.slice(0, 10)}…`, body)],
        [say('verify.when'), moment(body.at)],
        [say('verify.author'), <Hash key="author" value={party} />],
      ]}
    />
  );
}

function Sentences({
  list,
  mark = '!',
}: {
  readonly list: readonly Told[];
  readonly mark?: string;
}): ReactNode {
  const { say } = useWords();
  return (
    <List look="checks" items={list} keyOf={(_, place) => place}>
      {({ key, values }) => (
        <>
          <span aria-hidden="true">{mark}</span> {say(key, values)}
        </>
      )}
    </List>
  );
}

/** The network file that this browser pinned at its first visit. */
async function firstPinned({ shelf, network }: Place): Promise<Place['network']> {
  const kept = await shelf.read('network');
  return kept === undefined ? network : parseNetworkFile(kept);
}

/** Waits until the browser has shown what it is waiting for. */
async function shown(): Promise<void> {
  await new Promise<void>((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
