import type { Bundle } from '@medplum/fhirtypes';
import { useState, type ReactNode } from 'react';
import type { Chart, ChartRecord } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { writtenResource } from '../../../../src/fhir/effectiveResource.ts';
import { exactJson } from '../../../../src/fhir/exactJson.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { takeBack } from '../../fhir/takeBack.ts';
import type { Session } from '../../session/Session.ts';
import { useRecordDraft } from '../../session/useRecordDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import panelLook from '../../ui/Panel.module.css';

/** Properties of `AmendRecord`. */
export interface AmendRecordProps {
  readonly session: Session;
  readonly chart: Chart;
  /** The newest version. */
  readonly record: ChartRecord;
  /** Its resources. */
  readonly items: readonly ChartItem[];
  /** Called after it was corrected. */
  readonly onAmended: () => void;
}

/** Fields that are kept. Which resources are in error is chosen again: the next version may have others. */
interface ChangeTyped {
  readonly how: 'error' | 'file';
  readonly reason: string;
}

const FIRST: ChangeTyped = { how: 'error', reason: '' };

/** Corrects a record of FHIR: marks what was entered in error, with a reason, or puts a corrected file in its place. */
export function AmendRecord(props: AmendRecordProps): ReactNode {
  const { session, chart, record, items, onAmended } = props;
  const { party } = session;
  const words = useWords();
  const { say } = words;
  const draft = useRecordDraft<ChangeTyped>(session, 'amend', record, FIRST);
  const { how, reason } = draft.value;
  const [which, setWhich] = useState<readonly string[]>([]);
  const [file, setFile] = useState<File>();
  const [isTried, setTried] = useState(false);
  const [isSame, setSame] = useState(false);
  const saving = useRun();
  const markable = items.flatMap((item, place) =>
    takeBack(item.resource) === undefined ? [] : [{ item, value: String(place) }],
  );
  const [only, ...more] = markable;
  const chosen = only !== undefined && more.length === 0 ? [only.value] : which;
  const isReady = how === 'file' ? file !== undefined : chosen.length > 0 && reason.trim() !== '';
  const save = (): void => {
    setTried(true);
    setSame(false);
    if (!isReady) return;
    saving.start(async () => {
      const { amendFhir } = await import('../../session/amendFhir.ts');
      const corrected = how === 'file' && file !== undefined ? await bundleIn(file) : undefined;
      const errors = markable.flatMap(({ item, value }) =>
        chosen.includes(value) ? [exactJson(writtenResource(item.resource))] : [],
      );
      const change = (before: Bundle): Bundle => corrected ?? marked(before, errors);
      const added = await amendFhir(party, chart, { record, change, reason: reason.trim() });
      setSame(added === undefined);
      setTried(false);
      setFile(undefined);
      setWhich([]);
      if (added === undefined) return;
      await draft.drop();
      onAmended();
      if (added.untold !== undefined) throw added.untold;
    });
  };
  return (
    <details className={panelLook['aside']} open={draft.kept !== undefined}>
      <summary>{say('chart.amend')}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p>{say('chart.correct-hint')}</p>
        <KeptDraft draft={draft} hasFile />
        <Choices
          legend={say('chart.amend-how')}
          choices={(['error', 'file'] as const).map((value) => ({
            value,
            label: say(`chart.amend-${value}`),
          }))}
          chosen={[how]}
          one
          onChange={([chosenHow]) => chosenHow && draft.change({ how: chosenHow })}
        />
        {how === 'error' && more.length > 0 && (
          <Choices
            legend={say('chart.amend-which')}
            choices={markable.map(({ item, value }) => ({
              value,
              label: sayFhir(item.title, words),
            }))}
            chosen={which}
            onChange={setWhich}
          />
        )}
        {how === 'error' && only === undefined && (
          <Notice kind="warn" title={say('chart.amend-no-mark')} />
        )}
        {how === 'file' && (
          <FileField label={say('chart.amend-with')} file={file} onChange={setFile} />
        )}
        <TextField
          label={say('chart.amend-reason')}
          value={reason}
          maxLength={500}
          onChange={(text) => draft.change({ reason: text })}
        />
        {isTried && !isReady && <Notice kind="bad" title={say(`chart.amend-${how}-missing`)} />}
        <Awaiting on={saving} what={say('add.confirming')} />
        {isSame && <Notice kind="warn" title={say('chart.amend-same')} />}
        <Button type="submit" busy={saving.busy}>
          {say('chart.save-correction')}
        </Button>
      </form>
    </details>
  );
}

/** The resources, of which those that say exactly what was chosen are marked as entered in error. */
function marked(before: Bundle, errors: readonly string[]): Bundle {
  const entry = (before.entry ?? []).map((each) => {
    const isChosen = each.resource !== undefined && errors.includes(exactJson(each.resource));
    const resource = isChosen ? takeBack(each.resource) : undefined;
    return resource === undefined ? each : { ...each, resource: resource as never };
  });
  return { ...before, entry };
}

async function bundleIn(file: File): Promise<Bundle> {
  const { readFhirFile } = await import('../../session/readFhirFile.ts');
  const read = await readFhirFile(file);
  if (read === undefined) {
    throw new MedsealError('FHIR_INVALID', { reason: 'the file is not FHIR in JSON' });
  }
  return read.bundle;
}
