import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENTRY_BYTES, HOME_BYTES } from '../../scripts/budgets.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import type { DemoPerson } from '../../src/protocol/care/DemoPerson.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { ROLES, type Role } from '../../src/protocol/vocabulary.ts';
import { countBytes } from './countBytes.ts';
import { enrolVisitor } from './demoVisitor.ts';
import { setStage } from './setStage.ts';

function sum(files: ReadonlyMap<string, number>): number {
  return [...files.values()].reduce((total, bytes) => total + bytes, 0);
}

function list(files: ReadonlyMap<string, number>): string {
  return [...files].map(([name, bytes]) => `${name} ${bytes}`).join(', ');
}

describe('the bytes that a page loads', { skip: browserMissing }, () => {
  const stage = setStage();

  /** Enrols somebody in a role. */
  async function enrolled(role: Role): Promise<DemoPerson> {
    const as = { role, organisation: 'hospital' } as const;
    const { party, seed } = await enrolVisitor(stage.url, as);
    return {
      ...as,
      name: role,
      called: `New ${role}`,
      address: party.address,
      seed: bytesToHex(seed),
    };
  }

  it('stay within a bound until the way in is drawn, and within one of each role until its first screen is', async (t) => {
    const answer = await fetch(`${stage.url}/hospital/portal/demo.json`);
    const people = (await answer.json()) as readonly DemoPerson[];
    for (const role of ROLES) {
      const person = people.find((each) => each.role === role) ?? (await enrolled(role));
      const { organisation, called } = person;
      // A worker would take all files once more, one after the other, when the way in is drawn.
      const visit = await stage.visit();
      const { page } = visit;
      const portal = `${stage.url}/${organisation}/portal/`;
      // The demonstration has nobody in some roles: an enrolled person enters as its people do.
      if (!people.includes(person)) {
        await page.route(
          `${portal}demo.json`,
          async (route) => await route.fulfill({ json: [person] }),
        );
      }
      const bytes = await countBytes(page, portal);
      await page.goto(portal);
      const entry = await bytes.until('entry');
      assert.deepEqual(
        [...entry.keys()].toSorted(),
        ['_words_en.js', 'first.js', 'page', 'rolldown-runtime.js', 'style.css'],
        'the way in comes before all that it can do without',
      );
      await page.getByRole('button', { name: called }).click();
      const home = await bytes.until('home');
      t.diagnostic(`${role}: ${sum(entry)} bytes, then ${sum(home)}: ${list(home)}`);
      assert.ok(sum(entry) <= ENTRY_BYTES, `${role}, way in: ${list(entry)}`);
      const most = HOME_BYTES[role];
      assert.ok(sum(home) <= most, `${role}: ${sum(home)} of ${most} bytes, ${list(home)}`);
      assert.ok(sum(home) > sum(entry) + 100_000, 'what is counted has the code of a session');
      await visit.close();
    }
  });
});
