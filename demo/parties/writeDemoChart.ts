import { addBundle } from '../../src/client/records/addBundle.ts';
import { addDocument } from '../../src/client/records/addDocument.ts';
import { nameOfContent } from '../../src/client/records/addedOnce.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import type { DemoChart } from '../charts/demoCharts.ts';
import { makeDemoResults } from '../charts/makeDemoResults.ts';
import { makeDemoVisits } from '../charts/makeDemoVisits.ts';
import { ORDINARY_CATEGORIES } from '../../src/protocol/vocabulary.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { hexToBytes } from '../../src/crypto/bytes.ts';
import { deriveName } from '../../src/crypto/keys/deriveName.ts';
import type { Random } from '../../src/crypto/Random.ts';
import { demoGrant, demoHandle, giveDemoRight, type DemoPlay } from './DemoPlay.ts';
import { makePdf } from './makePdf.ts';

/** The purpose of what the doctor and the laboratory write. */
const PURPOSE = 'TREAT';

/**
 * Has the doctor and the laboratory write a patient's chart, for which the patient gives them rights.
 *
 * @param play - The parties.
 * @param name - The patient's name.
 * @param chart - The chart.
 */
export async function writeDemoChart(
  play: DemoPlay,
  name: string,
  chart: DemoChart,
): Promise<void> {
  await giveDemoRight(play, name, {
    to: 'lab',
    categories: ['laboratory', 'reports'],
    actions: ['add'],
    purpose: PURPOSE,
    days: 365,
  });
  await giveDemoRight(play, name, {
    to: 'doctor',
    categories: ORDINARY_CATEGORIES,
    actions: ['read', 'add', 'amend'],
    purpose: PURPOSE,
    days: 365,
  });
  const { patient, earlier, newest, results } = chart;
  const at = play.steps.begun;
  await write(play, name, 'doctor', 'earlier visits', (random) =>
    makeDemoVisits({ random, at, patient, visits: earlier }),
  );
  await write(play, name, 'lab', 'earlier results', (random) =>
    makeDemoResults({ random, at, patient, results: results.slice(0, -1) }),
  );
  await addLetter(play, name, chart);
  await write(play, name, 'lab', 'newest results', (random) =>
    makeDemoResults({ random, at, patient, results: results.slice(-1) }),
  );
  await write(play, name, 'doctor', 'newest visit', (random) =>
    makeDemoVisits({ random, at, patient, visits: [newest] }),
  );
}

/** Has somebody add a bundle that is made of bytes that a repeat gives again. */
async function write(
  play: DemoPlay,
  name: string,
  author: string,
  what: string,
  make: (random: ReturnType<typeof demoRandom>) => ReturnType<typeof makeDemoVisits>,
): Promise<void> {
  const label = `${author} adds ${what} of ${name}`;
  await play.steps.once(label, async () => {
    const party = play.party(author);
    const handle = await demoHandle(play, name);
    const grant = await demoGrant(play, name, author);
    // Tests hold that it is valid; the validator would take a second to load.
    const bundle = make(demoRandom(party, label));
    const once = await nameOfContent(party, handle, [utf8ToBytes(JSON.stringify(bundle))], 'demo');
    await addBundle(party, { handle, bundle, purpose: PURPOSE, grant, once });
  });
}

async function addLetter(play: DemoPlay, name: string, { letter }: DemoChart): Promise<void> {
  await play.steps.once(`doctor adds letter of ${name}`, async () => {
    const party = play.party('doctor');
    const handle = await demoHandle(play, name);
    const grant = await demoGrant(play, name, 'doctor');
    const content = makePdf(letter.lines);
    const once = await nameOfContent(party, handle, [content], 'demo');
    const described = { contentType: 'application/pdf', title: letter.title } as const;
    await addDocument(party, { handle, content, ...described, purpose: PURPOSE, grant, once });
  });
}

/**
 * Makes bytes that follow from a party's seed and a label, so that a bundle that is made again is the same.
 *
 * @param party - The author.
 * @param label - Of the bundle.
 * @returns At most 16 bytes at each call.
 */
function demoRandom({ keys }: Pick<Party, 'keys'>, label: string): Random {
  let calls = 0;
  return (length) => {
    calls += 1;
    const name = deriveName(keys.seed(), utf8ToBytes(`${label} ${calls}`));
    return hexToBytes(`0x${name}`).slice(0, length);
  };
}
