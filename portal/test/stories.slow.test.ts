import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BROWSERS, type BrowserName } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { playDoctor } from './stories/doctorStory.ts';
import { playInsurerDesk } from './stories/insurerDeskStory.ts';
import { playInsurer } from './stories/insurerStory.ts';
import { playLaboratory } from './stories/laboratoryStory.ts';
import { playNurse } from './stories/nurseStory.ts';
import { playOperator } from './stories/operatorStory.ts';
import { playPatient } from './stories/patientStory.ts';
import { playPharmacist } from './stories/pharmacistStory.ts';
import { propsOfStories } from './stories/propsOfStories.ts';
import { playRegistrar } from './stories/registrarStory.ts';
import { playResearcher } from './stories/researcherStory.ts';
import type { Scene } from './stories/Scene.ts';
import { playVerifier } from './stories/verifierStory.ts';

/**
 * The windows and colours in which the stories are played in turn, by browser: each story in each browser, at each width. Of browser,
 * width and colours each two meet. With `EVERY=1` each browser has each story in both of its looks.
 */
const LOOKS = {
  chromium: [lookOf(1280, 'light'), lookOf(390, 'dark')],
  firefox: [lookOf(390, 'light'), lookOf(1280, 'dark')],
} as const satisfies Readonly<Record<BrowserName, unknown>>;
const { EVERY } = process.env;
/** Longest wait for a thing on the screen, milliseconds: a browser that has just started beside others takes half a minute for a first audit. */
const PATIENCE = 90_000;

/** One story for each role, by the sentence that it proves. */
const STORIES: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  'a patient sees within three presses what the pharmacist saw, shares in three steps, and stops it, by the keyboard':
    playPatient,
  'a doctor writes a note that survives everything, and prescribes against an allergy with a reason, by the keyboard':
    playDoctor,
  'a nurse enters vital signs and a note, and orders and prescribes nothing, by the keyboard':
    playNurse,
  'a laboratory answers an order with a critical result, which the doctor signs off, by the keyboard':
    playLaboratory,
  'a pharmacist scans a prescription, reads what it says, and dispenses in three presses, by the keyboard':
    playPharmacist,
  'an insurer sees what its right covers, and nothing else, by the keyboard': playInsurer,
  'an insurer asks about the claim that is due first, and has the next one before it, by the keyboard':
    playInsurerDesk,
  'a registrar confirms a death that a doctor reported, by the keyboard': playRegistrar,
  'a researcher whose right has ended asks for another one, and withdraws that, by the keyboard':
    playResearcher,
  'a verifier tells a safe proof from another one, and examines a log, by the keyboard':
    playVerifier,
  'an operator sees without a key whether the copies of each log are alike, by the keyboard':
    playOperator,
};

const names = Object.keys(BROWSERS) as readonly BrowserName[];
const folder = await mkdtemp(join(tmpdir(), 'medseal-film-'));
const film = join(folder, 'film.y4m');

describe(
  'stories',
  { skip: names.every((name) => BROWSERS[name]) && 'there is no browser' },
  () => {
    const stage = setStage({ film });
    let props: Pick<Scene, 'slip' | 'proof'>;
    before(async () => {
      props = await propsOfStories(stage.url);
    });
    after(async () => await rm(folder, { recursive: true }));

    for (const browser of names) {
      for (const [turn, look] of LOOKS[browser].entries()) {
        const { viewport, colorScheme } = look;
        const where = `${browser} at ${viewport.width} px, ${colorScheme}`;
        describe(`in ${where}`, { skip: BROWSERS[browser] }, () => {
          const told = Object.entries(STORIES).filter(
            (_, place) => EVERY === '1' || place % LOOKS[browser].length === turn,
          );
          for (const [title, play] of told) {
            it(title, async (t) => {
              const visit = await stage.visit({ browser, ...look });
              const { page, complaints } = visit;
              page.setDefaultTimeout(PATIENCE);
              await page.addInitScript(() => {
                // A press of Enter is a click too, without a pointer that went down.
                addEventListener('pointerdown', () => console.error('a mouse was used'), true);
              });
              const say = (text: string): void => t.diagnostic(text);
              try {
                await play({ page, browser, url: stage.url, film, ...props, say });
                assert.deepEqual(complaints, []);
              } catch (error) {
                // The screen mostly says why a story stopped there.
                const main = page.locator('main');
                const shown = (await main.count()) === 0 ? 'nothing' : await main.innerText();
                throw new Error(`${String(error)}\nOn the screen: ${shown.slice(0, 600)}`, {
                  cause: error,
                });
              } finally {
                await visit.close();
              }
            });
          }
        });
      }
    }
  },
);

function lookOf(width: number, colorScheme: 'light' | 'dark') {
  return { viewport: { width, height: 900 }, colorScheme };
}
