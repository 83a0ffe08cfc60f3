import { useState, type ReactNode } from 'react';
import { readChartEvents } from '../../../../src/bindings/readChartEvents.ts';
import { listGrants, auditAsFhir } from '../../../../src/client/index.ts';
import { consentsOfGrants } from '../../../../src/fhir/consentsOfGrants.ts';
import { auditIn } from '../../session/audits.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PendingAudit } from '../../ui/PendingAudit.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import { openLedger } from '../explorer/openLedger.ts';

/** Facts about a file that was saved. */
interface Saved {
  readonly count: number;
  /** Number of entries or rights that it leaves out. */
  readonly left: number;
  /** True if the organisation does not let the ledger be read. */
  readonly noLedger?: boolean;
}

/** Properties of `SaveFhir`. */
export interface SaveFhirProps {
  readonly session: Session;
  /** `audit`: who saw what; `consents`: the rights. */
  readonly what: 'audit' | 'consents';
}

/** Saves the patient's audit or rights as a file of FHIR, which this browser makes of what it verified. */
export function SaveFhir({ session, what }: SaveFhirProps): ReactNode {
  const { say } = useWords();
  const [saved, setSaved] = useState<Saved>();
  const saving = useRun();
  const save = (): void =>
    saving.start(async () => {
      setSaved(undefined);
      setSaved(what === 'audit' ? await saveAudit(session) : await saveConsents(session));
    });
  return (
    <section>
      <h2>{say(`exchange.${what}`)}</h2>
      <p>{say(`exchange.${what}-means`)}</p>
      <p className="row">
        <Button busy={saving.busy} onClick={save}>
          {say(`exchange.save-${what}`)}
        </Button>
      </p>
      <Awaiting
        on={saving}
        what={what === 'audit' ? <PendingAudit session={session} /> : say('share.reading')}
        again={save}
      />
      {saved !== undefined && (
        <Notice kind="good" title={say(`exchange.saved-${what}`, { count: saved.count })}>
          {saved.left > 0 && <p>{say(`exchange.left-${what}`, { count: saved.left })}</p>}
          {saved.noLedger === true && <p>{say('exchange.no-ledger')}</p>}
        </Notice>
      )}
    </section>
  );
}

async function saveAudit(session: Session): Promise<Saved> {
  const { party, place, handle = '0x' } = session;
  const { logs } = await auditIn(session, 'whole');
  const events = logs.flatMap((log) => log.events);
  const ledger = await openLedger(place);
  const rules = ledger ? await readChartEvents(ledger, place.network.contracts, handle) : [];
  const bundle = await auditAsFhir({ party, events, rules, ...(ledger && { ledger }) });
  saveFhir('audit.json', bundle);
  const isTold = events.filter(({ body, fault }) => body !== undefined && fault === undefined);
  return {
    count: bundle.entry?.length ?? 0,
    left: events.length - isTold.length,
    noLedger: ledger === undefined,
  };
}

async function saveConsents({ party, place }: Session): Promise<Saved> {
  const { bundle, unknown } = consentsOfGrants(await listGrants(party), place.organisation);
  saveFhir('consents.json', bundle);
  return { count: bundle.entry?.length ?? 0, left: unknown.length };
}

function saveFhir(name: string, bundle: unknown): void {
  saveFile(name, `${JSON.stringify(bundle, null, 2)}\n`, 'application/fhir+json');
}
