import { addRecord } from '../../src/client/records/addRecord.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import { newNote, pick, type Stage } from './Stage.ts';
import type { Step } from './Step.ts';

/**
 * Lets a grantee add or amend a record by a right that allows it, if there is one.
 *
 * @param stage - People, network and model.
 * @param step - The step.
 * @throws Error of a step that must not fail.
 */
export async function writeByRight(
  stage: Stage,
  step: Extract<Step, { do: 'write' }>,
): Promise<void> {
  const { people, model } = stage;
  const rights = model.rights.filter((right) => {
    const { from, until, add } = right.grant.terms;
    const isNow = from <= model.now && model.now < until && right.state === 'active';
    return isNow && add && !model.suspended.has(right.grantee);
  });
  const right = pick(rights, step.right);
  const author = right && people.grantees[right.grantee];
  if (right === undefined || author === undefined) return;
  const { grant, patient } = right;
  const { categories, record, amend } = grant.terms;
  const covered = model.covered(right);
  const amends = pick(
    model.newest(patient).filter((file) => covered.includes(file)),
    step.amend,
  );
  const content = newNote(stage);
  const version = { handle: grant.handle, purpose: 'TREAT', grant, content } as const;
  if (amends !== undefined && amend && (record !== ZERO32 || step.amend % 2 === 0)) {
    await addRecord(author.party, { ...version, category: amends.category, amends });
  } else if (record === ZERO32) {
    const category = pick(categories, step.category) ?? 'other';
    await addRecord(author.party, { ...version, category });
  }
}
