import { useState, type ReactNode } from 'react';
import { portablePrimitives } from '../../../../src/client/index.ts';
import { domainOf } from '../../../../src/protocol/domainOf.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { parseEvidenceFile } from '../../../../src/protocol/parseEvidenceFile.ts';
import { verifyReceipt } from '../../../../src/protocol/verifyReceipt.ts';
import { useRun } from '../../session/useRun.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { PublicScreenProps } from '../ScreenProps.ts';

/** Most bytes of an evidence file that the page reads. */
const LARGEST = 64 * 2 ** 20;

/** Verifies an evidence file in this page, without asking anybody. */
export function Verify({ place }: PublicScreenProps): ReactNode {
  const { say, moment } = useWords();
  const [found, setFound] = useState<{ readonly at: number; readonly place: string }>();
  const verifying = useRun();
  const verify = (file: File | undefined): void => {
    setFound(undefined);
    if (file === undefined) return;
    verifying.start(async () => {
      if (file.size > LARGEST)
        throw new MedsealError('REQUEST_TOO_LARGE', { what: 'file', limit: LARGEST });
      const evidence = parseEvidenceFile(new Uint8Array(await file.arrayBuffer()));
      if (evidence.kind !== 'receipt')
        throw new MedsealError('EVIDENCE_INVALID', { reason: 'it is not a receipt' });
      const context = { domain: domainOf(place.network), primitives: portablePrimitives };
      const body = verifyReceipt(context, place.network, evidence.receipt, { strict: true });
      const { log, index } = evidence.receipt.acknowledgement;
      setFound({ at: body.at, place: `${log} #${index}` });
    });
  };
  return (
    <Page title={say('verify.title')} lead={say('verify.lead')}>
      <div className="field">
        <label htmlFor="evidence">{say('verify.file')}</label>
        <input
          id="evidence"
          type="file"
          accept=".json,application/json"
          onChange={(event) => verify(event.target.files?.[0])}
        />
      </div>
      {verifying.error !== undefined && (
        <>
          <Notice kind="bad" title={say('verify.bad')} />
          <Failure error={verifying.error} />
        </>
      )}
      {found !== undefined && (
        <Notice kind="good" title={say('verify.good')}>
          <p>{say('verify.at', { when: moment(found.at), place: found.place })}</p>
          <p>{say('verify.checked')}</p>
        </Notice>
      )}
    </Page>
  );
}
