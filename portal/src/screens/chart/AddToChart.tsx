import { useState, type ReactNode } from 'react';
import { rightFor, type Chart } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { formsOf } from '../../../../src/fhir/forms/formAuthors.ts';
import { FORM_CATEGORIES } from '../../../../src/fhir/forms/formNames.ts';
import { CATEGORIES, type Category } from '../../../../src/protocol/vocabulary.ts';
import type { Grant } from '../../../../src/protocol/struct/requests.ts';
import type { Session } from '../../session/Session.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { AddForm, type AddedByForm } from '../add/AddForm.tsx';
import { ChooseWhat } from '../add/ChooseWhat.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Roles that treat, and claim what it cost. */
const CLAIMANTS = ['doctor', 'nurse', 'pharmacist', 'lab'] as const;

/** Properties of `AddToChart`. */
export interface AddToChartProps {
  readonly session: Session;
  readonly chart: Pick<Chart, 'handle' | 'grant' | 'purpose'>;
  /** Called after something was added. */
  readonly onAdded?: () => void;
}

/** Adds a note or a file to the chart of a patient who allowed it. */
export function AddToChart({ session, chart, onAdded }: AddToChartProps): ReactNode {
  const { say } = useWords();
  const { party, role } = session;
  const { handle, purpose } = chart;
  const categories = chart.grant?.terms.add === true ? chart.grant.terms.categories : CATEGORIES;
  const isTreating = CLAIMANTS.some((each) => each === role);
  const canClaim = isTreating && party.network.contracts.claims !== undefined;
  const forms = formsOf(role).filter((form) => categories.includes(FORM_CATEGORIES[form]));
  const [added, setAdded] = useState<Pick<AddedByForm, 'title' | 'already'>>();
  const findGrant = async (category: Category): Promise<Grant> => {
    const right = await rightFor(party, { handle, action: 'add', category, purpose });
    if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
    return right.grant;
  };
  const common = {
    session,
    handle,
    purpose,
    findGrant,
    onBegin: () => setAdded(undefined),
    onAdded: async ({ title, already = false }: AddedByForm) => {
      setAdded({ title: visibleText(title), already });
      onAdded?.();
      await Promise.resolve();
    },
  };
  return (
    <div>
      <p className="row">
        {role === 'doctor' && party.network.contracts.prescriptions !== undefined && (
          <ButtonLink href={`/prescribe/${handle}`}>{say('medicines.prescribe')}</ButtonLink>
        )}
        {canClaim && categories.includes('billing') && (
          <ButtonLink href={`/claim/${handle}`}>{say('claims.new')}</ButtonLink>
        )}
      </p>
      {added !== undefined && (
        <Notice
          kind="good"
          title={say(added.already === true ? 'chart.added-already' : 'chart.added', {
            title: added.title,
          })}
        />
      )}
      <ChooseWhat {...common} forms={forms} act={say('chart.add')}>
        <AddForm
          {...common}
          categories={categories}
          role={role}
          first={categories.find((each) => each === 'reports') ?? categories[0] ?? 'other'}
          says={{
            file: say('chart.or-file'),
            note: say('chart.note'),
            add: say('chart.add'),
            insist: say('chart.same-patient'),
            hint: say('chart.file-hint'),
          }}
          isNoteFirst
        />
      </ChooseWhat>
    </div>
  );
}
