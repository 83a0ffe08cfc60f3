import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Chart } from '../../../src/client/index.ts';
import { Adding } from '../../src/ui/Adding.tsx';
import { Awaiting } from '../../src/ui/Awaiting.tsx';
import { Failure } from '../../src/ui/Failure.tsx';
import { Notice } from '../../src/ui/Notice.tsx';
import { Opening } from '../../src/ui/Opening.tsx';
import { Pending } from '../../src/ui/Pending.tsx';
import { PendingAudit } from '../../src/ui/PendingAudit.tsx';
import { ProofMark } from '../../src/ui/ProofMark.tsx';
import { Steps } from '../../src/ui/Steps.tsx';
import type { AuditProof } from '../../src/session/AuditProof.ts';
import { AT, ignore, SESSION } from '../samples.ts';
import type { States } from '../States.ts';

const NOTICES = ['good', 'bad', 'warn', 'note'] as const;
const PROOFS: readonly AuditProof['state'][] = ['proven', 'checking', 'away', 'disagree'];
const UNREACHED = new MedsealError('LEDGER_UNREACHABLE', {});
const FAILED = new Error('The laboratory does not answer.');

/** Reports of what happened, is under way or failed. */
export const REPORTS = {
  Notice: {
    ...Object.fromEntries(
      NOTICES.map((kind) => [
        kind,
        <Notice key={kind} kind={kind} title="Dr. Brandt asks to see your medicines">
          <p>Until 14 June 2026, for treatment.</p>
        </Notice>,
      ]),
    ),
    'title alone': <Notice title="Nothing waits for you." />,
    'words alone': <Notice>Nothing waits for you.</Notice>,
  },
  Failure: {
    'with words of its own': <Failure error={FAILED} title="Your records could not be read." />,
    'to be tried again': <Failure error={UNREACHED} again={ignore} />,
  },
  Pending: {
    'for a while': <Pending what="Reading your records …" />,
    'half done': <Pending what="Sealing …" done={0.5} />,
  },
  Awaiting: {
    working: <Awaiting on={{ state: 'working', again: ignore }} what="Reading the patients …" />,
    failed: <Awaiting on={{ state: 'failed', error: FAILED, again: ignore }} what="Reading …" />,
  },
  Steps: { 'the second of three': <Steps steps={['Seal', 'Send', 'Confirm']} at={1} /> },
  Adding: {
    preparing: <Adding progress={undefined} onCancel={ignore} />,
    sending: (
      <Adding
        progress={{ stage: 'uploading', bytes: 4_000_000, whole: 12_000_000, left: 20 }}
        onCancel={ignore}
      />
    ),
  },
  Opening: {
    'own record': <Opening party={SESSION.party} chart={{} as Chart} />,
  },
  PendingAudit: { 'at first': <PendingAudit session={SESSION} /> },
  ProofMark: {
    ...Object.fromEntries(
      PROOFS.map((state) => [
        state,
        <ProofMark key={state} session={SESSION} proof={{ state, at: AT }} isComplete />,
      ]),
    ),
    'with facts': (
      <ProofMark session={SESSION} proof={{ state: 'proven', at: AT }} isComplete={false}>
        <p>Three organisations signed.</p>
      </ProofMark>
    ),
  },
} as const satisfies Readonly<Record<string, States>>;
