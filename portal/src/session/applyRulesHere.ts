import type { Party, RulesApplied } from '../../../src/client/index.ts';

const underWay = new WeakMap<Party, Promise<unknown>>();

/**
 * Gives, renews and ends rights as the patient's rules say, once no other screen does: two at once would give a right
 * twice.
 *
 * @param party - The patient.
 * @param change - Changes the rules before.
 * @throws MedsealError what `applyRules` throws.
 */
export async function applyRulesHere(
  party: Party,
  change?: () => Promise<unknown>,
): Promise<RulesApplied> {
  const before = underWay.get(party);
  const run = async (): Promise<RulesApplied> => {
    await before?.catch(() => undefined);
    const { applyRules } = await import('../../../src/client/rules/applyRules.ts');
    await change?.();
    return await applyRules(party);
  };
  const running = run();
  underWay.set(party, running);
  return await running;
}
