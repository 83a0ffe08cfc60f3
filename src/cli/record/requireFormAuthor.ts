import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import type { Party } from '../../client/party/Party.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { formsOf } from '../../fhir/forms/formAuthors.ts';
import type { FormName } from '../../fhir/forms/formNames.ts';

/**
 * Requires, before anything is signed, that the portal would offer a form to its author too.
 *
 * @param party - The author.
 * @param form - The form, and whether the chart is the author's own.
 * @throws MedsealError `ROLE_UNFIT`, `ARGUMENT_INVALID`, `PARTY_UNKNOWN`; what `confirmFacts` throws.
 */
export async function requireFormAuthor(
  party: Party,
  { form, own }: { readonly form: FormName; readonly own: boolean },
): Promise<void> {
  if (own) {
    const forms = formsOf('own');
    if (forms.includes(form)) return;
    const reason = `on their own chart, people fill in ${forms.join(', ')}; add anything else as a file`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: `--form ${form}`, reason });
  }
  const { party: author } = await confirmFacts(party, { party: party.address });
  if (author === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (formsOf(author.role).includes(form)) return;
  throw new MedsealError('ROLE_UNFIT', { what: `the form ${form}`, role: author.role });
}
