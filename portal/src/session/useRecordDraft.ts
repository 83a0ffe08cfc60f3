import type { ChartRecord } from '../../../src/client/index.ts';
import type { Session } from './Session.ts';
import { useDraft, type Draft } from './useDraft.ts';

/** The fields of a form about a record, with the version that they were typed for. */
type OfVersion<Value> = Value & { readonly version: number };

/**
 * Keeps what a person types about a record as `useDraft` does. It belongs to the record, whichever its version: one that was
 * begun before the record got another version is still there, and says so.
 *
 * @param session - The person.
 * @param form - The form, such as `object`.
 * @param record - The record, in the version that the person sees.
 * @param initial - The fields as they are at first.
 */
export function useRecordDraft<Value extends object>(
  session: Pick<Session, 'party' | 'place'>,
  form: string,
  { record, version }: Pick<ChartRecord, 'record' | 'version'>,
  initial: Value,
): Draft<Value> {
  const first = { ...initial, version };
  const draft = useDraft<OfVersion<Value>>(session, `${form}/${record}`, first);
  return {
    ...draft,
    change: (changed) =>
      draft.change(asChanged(draft.value, changed as Partial<OfVersion<Value>>, first)),
    drop: async (of) => await draft.drop(of && { ...of, version: draft.value.version }),
    isOfFormer: draft.value.version < version,
  };
}

/** A form that is again as it was at first has no draft, whatever version that was begun for. */
function asChanged<Whole extends { readonly version: number }>(
  value: Whole,
  changed: Partial<Whole>,
  first: Whole,
): Partial<Whole> {
  const next = { ...changed, version: first.version };
  return JSON.stringify({ ...first, ...value, ...next }) === JSON.stringify(first) ? next : changed;
}
