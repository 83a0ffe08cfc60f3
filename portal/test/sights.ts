import type { Page } from 'playwright-core';
import { RECORDS, untilSettled } from './walkthrough.ts';

/** A state of the portal that a person sees, and the way to it, in words of no language. */
export interface Sight {
  readonly name: string;
  /** Path after the `#`; absent if it goes on from the sight before. */
  readonly path?: string;
  /** Goes on from there; the page is settled afterwards. */
  readonly reach?: (page: Page) => Promise<void>;
  /** True for a question in front of the screen; it is closed by `leaveSight`. */
  readonly isDialog?: boolean;
}

/** A person of the demonstration, or a visitor without a key, and what they see. */
export interface Seer {
  readonly name: string;
  readonly organisation: string;
  /** Absent for a visitor. */
  readonly called?: string;
  readonly sights: readonly Sight[];
}

const ME: Sight = { name: 'me', path: '/me' };

/** A patient of the demonstration, whose chart each reader has. Keys decide who stands first in a list. */
const ANA = 'Ana Ferreira';

/** Opens a chart of somebody who reads charts. */
const CHART: Sight = {
  name: 'chart',
  path: '/patients',
  reach: async (page) => {
    await page.locator('a.card', { hasText: ANA }).click();
    await page.locator('.chart-head, main .notice').first().waitFor();
  },
};

/** All that there is to see, by who sees it. */
export const SEERS: readonly Seer[] = [
  {
    name: 'visitor',
    organisation: 'hospital',
    sights: [
      { name: 'enter', path: '/' },
      { name: 'new-key', reach: pressing('main section:last-of-type .button >> nth=1') },
      { name: 'check-words', reach: pressing('main .button.main') },
      { name: 'verify', path: '/verify' },
      { name: 'explorer', path: '/explorer' },
      { name: 'log', path: '/explorer/log/care/hospital' },
      { name: 'entry', path: '/explorer/log/care/hospital/3' },
      { name: 'block', path: '/explorer/block/12' },
      { name: 'transaction', reach: pressing('th a') },
      { name: 'find', path: `/explorer/find/0x${'ab'.repeat(32)}` },
      { name: 'operator', path: '/operator' },
      { name: 'words-in', path: '/', reach: pressing('main section:last-of-type .button') },
    ],
  },
  {
    name: 'patient',
    organisation: 'hospital',
    called: ANA,
    sights: [
      { name: 'home', path: '/home' },
      { name: 'requests', path: '/requests' },
      { name: 'give-access', isDialog: true, reach: pressing('main .card .button.main') },
      { name: 'records', path: '/records' },
      { name: 'record', path: '/records', reach: pressing(RECORDS, 'Blood sugar diary') },
      {
        name: 'erase',
        path: '/me',
        isDialog: true,
        reach: async (page) => {
          // Certificates of what was erased come last.
          const own = page.locator('main section').nth(-2);
          await own.locator('.button').click();
          await own.locator('select').waitFor();
          await own.locator('.button.danger').click();
        },
      },
      { name: 'own-results', path: '/chart/results' },
      { name: 'add', path: '/add' },
      { name: 'sharing', path: '/rights' },
      {
        name: 'stop-sharing',
        isDialog: true,
        reach: pressing('main .button.danger', 'Noor Willems'),
      },
      { name: 'claims', path: '/claims' },
      { name: 'claim-permit', path: '/claims/permit' },
      { name: 'claim-new', path: '/claims/new' },
      { name: 'claim-fill', reach: pressing('main .button.main') },
      { name: 'rules', path: '/rules' },
      { name: 'rule-new', reach: pressing('main .button.main') },
      { name: 'files', path: '/files' },
      { name: 'family', path: '/family' },
      { name: 'mandate-offer', reach: pressing('main section .button >> nth=-1') },
      { name: 'will', path: '/will' },
      // From another page: a step has no address of its own.
      { name: 'mandate-give', path: '/family', reach: pressing('main section .button >> nth=0') },
      { name: 'birth', path: '/birth' },
      { name: 'share-who', path: '/share' },
      { name: 'share-what', reach: pressing('.people .button') },
      {
        name: 'share-until',
        reach: async (page) => {
          await page.locator('main p.row .button').first().click();
          await page.locator('main p.row .button.main').click();
        },
      },
      { name: 'evidence', path: '/evidence' },
      {
        name: 'readings',
        path: '/readings',
        reach: async (page) => {
          // The page follows the device, whose first batch comes ten seconds after its start.
          await page.locator('figure.curve').first().waitFor({ timeout: 60_000 });
        },
      },
      { name: 'readings-table', reach: pressing('figure.curve summary') },
      {
        name: 'readings-short',
        reach: async (page) => {
          await page.locator('main select').selectOption('10s');
        },
      },
      { name: 'devices', path: '/devices' },
      { name: 'device-name', path: '/devices', reach: pressing('main .card summary') },
      { name: 'device-pin', path: '/devices', reach: pressing('main .card summary >> nth=1') },
      { name: 'end-device', isDialog: true, reach: pressing('main .card .button.danger') },
      {
        name: 'card',
        path: '/card',
        reach: async (page) => {
          await page.locator('main form button[type=submit]').click();
          await page.locator('.emergency').waitFor();
        },
      },
      { name: 'show-card', isDialog: true, reach: pressing('main p.row .button') },
      ME,
    ],
  },
  {
    name: 'doctor',
    organisation: 'hospital',
    called: 'Dr. Lena Brandt',
    sights: [
      { name: 'patients', path: '/patients' },
      CHART,
      chartTab(2),
      chartTab(3),
      {
        name: 'document',
        reach: async (page) => {
          const letter = page.locator('main .attachment', { hasText: 'application/pdf' }).first();
          await letter.locator('.button').first().click();
          await page.locator('.paper[aria-busy="false"]').waitFor();
        },
      },
      chartTab(4),
      chartTab(5),
      chartTab(6),
      { name: 'form-allergy', reach: pressing('main .filter >> nth=1') },
      { name: 'form-vital-signs', reach: pressing('main .filter >> nth=3') },
      { name: 'prescribe', reach: pressing('main a[href*="/prescribe/"]') },
      {
        name: 'prescribe-sign',
        reach: async (page) => {
          // In words of the demonstration, which are the same in each language.
          const dose = ['Metformin 500 mg', '1', 'tablet', '2', '30'];
          const order = [...dose, 'In the morning.', 'tablet'];
          for (const [place, text] of order.entries()) {
            await page.locator('main .field input').nth(place).fill(text);
          }
          await page.locator('main .field input[inputmode=numeric]').first().fill('10');
          await page.locator('main .button.main').click();
          await page.locator('main .signed').waitFor();
        },
      },
      { name: 'ask', path: '/ask' },
      { name: 'ask-terms', reach: pressing('main .people a', ANA) },
      { name: 'asked', path: '/asked' },
      { name: 'todo', path: '/todo' },
      { name: 'beside', path: '/beside' },
      { name: 'claims', path: '/claims' },
      { name: 'vital', path: '/vital' },
      { name: 'vital-form', reach: pressing('main .choice', ANA) },
      ME,
    ],
  },
  reader(
    'pharmacist',
    'hospital',
    'Noor Willems',
    CHART,
    { name: 'dispense', path: '/dispense' },
    { name: 'scan', isDialog: true, reach: pressing('main .button') },
  ),
  reader('lab', 'laboratory', 'Ines Duarte', CHART, { name: 'todo', path: '/todo' }),
  {
    name: 'insurer',
    organisation: 'insurer',
    called: 'Marek Novak',
    sights: [
      { name: 'inbox', path: '/inbox' },
      { name: 'shown', reach: pressing('main a[href^="#/inbox/"]') },
      { name: 'shown-open', reach: pressing('main .card button') },
      { name: 'claims', path: '/claims' },
      ME,
    ],
  },
  reader('researcher', 'hospital', 'Dr. Yuki Arai'),
  {
    name: 'verifier',
    organisation: 'laboratory',
    called: 'David Osei',
    sights: [{ name: 'disputes', path: '/claims' }],
  },
];

function reader(name: string, organisation: string, called: string, ...more: Sight[]): Seer {
  return { name, organisation, called, sights: [{ name: 'patients', path: '/patients' }, ...more] };
}

/** A part of the chart that is open, by its number from 1. */
function chartTab(number: number): Sight {
  return { name: `chart-${number}`, reach: pressing(`.tabs a >> nth=${number - 1}`) };
}

/** Presses the first of a selector; given words of the demonstration, the first that has them. */
function pressing(selector: string, hasText?: string): (page: Page) => Promise<void> {
  return async (page) => {
    const found = page.locator(selector, hasText === undefined ? {} : { hasText }).first();
    const isLink = (await found.getAttribute('href'))?.startsWith('#') ?? false;
    // Listened for before the click: until then the screen before is a settled one too.
    await Promise.all([isLink && untilMoved(page), found.click()]);
  };
}

/** Waits until the page has moved to another screen, and begun to draw it. */
async function untilMoved(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => {
      addEventListener('hashchange', resolve, { once: true });
    });
    await new Promise(requestAnimationFrame);
  });
}

/** Opens the portal as somebody, in whatever language the page speaks. */
export async function comeAs(page: Page, url: string, seer: Seer): Promise<void> {
  await page.goto(`${url}/${seer.organisation}/portal/`);
  await untilSettled(page);
  if (seer.called === undefined) return;
  await page.getByRole('button', { name: seer.called }).click();
  await page.locator('nav a[href="#/more"]').waitFor();
  await untilSettled(page);
}

/** Goes to a sight, and waits until nothing on it is waited for. */
export async function reachSight(page: Page, { path, reach }: Sight): Promise<void> {
  if (path !== undefined) {
    const isThere = await page.evaluate((to) => location.hash === `#${to}`, path);
    const go = async (): Promise<void> => {
      await page.evaluate((to) => {
        location.hash = to;
      }, path);
    };
    if (!isThere) await Promise.all([untilMoved(page), go()]);
    await untilSettled(page);
  }
  await reach?.(page);
  await untilSettled(page);
}

/** Leaves a dialog as it was found. */
export async function leaveSight(page: Page, { isDialog = false }: Sight): Promise<void> {
  if (!isDialog) return;
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
}
