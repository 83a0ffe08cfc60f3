import type { Browser } from 'playwright-core';
import evidence from '../../../portal/src/words/en/evidence.json' with { type: 'json' };
import { openDemoVisitor } from '../../../portal/test/demoVisitor.ts';
import { openVisit } from '../../../portal/test/openVisit.ts';
import type { RunningPortal } from '../../../portal/test/startPortal.ts';
import { enterAs, openScreen } from '../../../portal/test/walkthrough.ts';
import { readChart, rightFor } from '../../../src/client/index.ts';

const PATIENT = 'Ana Ferreira';

/**
 * Has a doctor view a chart while its patient looks at "Who saw what", and tells how long after its acknowledgement each
 * view stands on the patient's screen.
 *
 * @param browser - The browser.
 * @param portal - The demonstration.
 * @param views - Number of views.
 */
export async function measureLive(
  browser: Browser,
  portal: RunningPortal,
  views: number,
): Promise<Readonly<Record<string, number>>> {
  const visit = await openVisit(browser, { viewport: { width: 390, height: 844 } });
  const { page } = visit;
  await enterAs(page, portal.url, 'hospital', PATIENT);
  await openScreen(page, evidence.menu);
  const answer = await fetch(`${portal.url}/hospital/portal/demo.json`);
  const people = (await answer.json()) as { called: string; handle?: `0x${string}` }[];
  const handle = people.find(({ called }) => called === PATIENT)?.handle ?? '0x';
  const { party } = await openDemoVisitor(portal.url, 'doctor');
  const right = await rightFor(party, { handle, action: 'read' });
  if (right === undefined) throw new Error('the doctor has no right');
  const { grant } = right;
  const times: number[] = [];
  for (let view = 0; view < views; view++) {
    const shown = page.evaluate(async () => {
      const count = document.querySelector('main p[role=status]');
      const before = count?.textContent;
      await new Promise<void>((resolve) => {
        const seen = new MutationObserver(() => {
          if (document.querySelector('main p[role=status]')?.textContent === before) return;
          seen.disconnect();
          resolve();
        });
        seen.observe(document.body, { childList: true, subtree: true, characterData: true });
      });
      await new Promise(requestAnimationFrame);
      return Date.now();
    });
    await readChart(party, { handle, grant, purpose: grant.terms.purpose });
    const acknowledged = Date.now();
    times.push((await shown) - acknowledged);
  }
  await visit.close();
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return {
    'from a view’s acknowledgement to its line, p50, ms': at(0.5),
    'the same, p95, ms': at(0.95),
  };
}
