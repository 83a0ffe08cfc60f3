import { useState, type ReactNode } from 'react';
import type { CertifiedErasure } from '../../../../src/client/index.ts';
import { formatEvidenceFile } from '../../../../src/protocol/evidence/parseEvidenceFile.ts';
import { certifyErasures } from '../../session/certifyErasures.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Table } from '../../ui/Table.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `ErasureCertificates`. */
export interface ErasureCertificatesProps {
  readonly session: Session;
}

/** Certificates of all that a patient erased; organisations are not asked before somebody wants that. */
export function ErasureCertificates({ session }: ErasureCertificatesProps): ReactNode {
  const { say } = useWords();
  const asking = useRun();
  const [made, setMade] = useState<readonly CertifiedErasure[]>();
  return (
    <section>
      <h2>{say('records.certificate')}</h2>
      <p>{say('records.certificate-lead')}</p>
      <p className="row">
        <Button
          busy={asking.busy}
          onClick={() => asking.start(async () => setMade(await certifyErasures(session)))}
        >
          {say('records.certificate-ask')}
        </Button>
      </p>
      <Awaiting on={asking} what={say('records.certificate-asking')} />
      {made?.length === 0 && <p>{say('records.certificate-none')}</p>}
      {made?.map((each) => (
        <Certificate key={each.proven.erase.category} made={each} />
      ))}
      {made !== undefined && made.length > 0 && <p>{say('records.certificate-outside')}</p>}
    </section>
  );
}

/** One certificate: what each organisation stated, to be printed and saved. */
export function Certificate({ made }: { readonly made: CertifiedErasure }): ReactNode {
  const { say, moment } = useWords();
  const { certificate, proven, unstated, moved } = made;
  const { category } = proven.erase;
  const kind = say(`common.category-${category}`);
  const broken = new Set(proven.broken.map(({ organisation }) => organisation));
  const stated = proven.destroyed.map(({ organisation, at, backup }) => ({
    key: organisation,
    cells: [
      organisation,
      moment(at),
      backup === undefined ? say('records.certificate-not-yet') : moment(backup),
    ],
  }));
  const others = unstated.map(({ organisation }) => {
    const why = broken.has(organisation) ? 'certificate-broken' : 'certificate-not-stated';
    return { key: organisation, cells: [organisation, say(`records.${why}`), ''] };
  });
  return (
    <>
      <Table
        caption={say('records.certificate-of', {
          kind,
          count: proven.versions.length,
          when: moment(proven.body.at),
        })}
        columns={[
          say('records.certificate-organisation'),
          say('records.certificate-destroyed'),
          say('records.certificate-backup'),
        ]}
        rows={[...stated, ...others]}
      />
      {moved.map(({ organisation, from, to }) => (
        <p key={organisation}>
          {say('records.certificate-moved', { organisation, from: moment(from), to: moment(to) })}
        </p>
      ))}
      <p className="row">
        <Button
          onClick={() =>
            saveFile(`erased-${category}.json`, formatEvidenceFile(certificate), 'application/json')
          }
        >
          {say('records.certificate-save')}
        </Button>
        <Button onClick={() => window.print()}>{say('chart.print')}</Button>
      </p>
    </>
  );
}
