import { addDocument, type NewDocument } from '../../src/client/records/addDocument.ts';
import { nameOfContent } from '../../src/client/records/addedOnce.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { demoHandle, type DemoPlay } from './DemoPlay.ts';
import { makeRetinaImage } from './makeRetinaImage.ts';

const DIARY = `Blood sugar before breakfast, mg/dL

Monday      124
Tuesday     118
Wednesday   131  (birthday cake yesterday)
Thursday    120
Friday      117
`;

const NOTES = `Notes for myself, and for nobody else unless I say so.

I sleep badly since the spring and wake at four. Talking to Inga on Thursdays helps.
`;

/**
 * Has the first patient add documents to their own chart: an image, a diary, and notes that are sensitive.
 *
 * @param play - The parties.
 */
export async function addOwnDocuments(play: DemoPlay): Promise<void> {
  await add(play, 'image', makeRetinaImage, {
    contentType: 'image/png',
    title: 'Left eye, retina',
    kind: 'image',
  });
  await add(play, 'diary', () => utf8ToBytes(DIARY), {
    contentType: 'text/plain',
    title: 'Blood sugar diary',
    category: 'other',
  });
  await add(play, 'notes', () => utf8ToBytes(NOTES), {
    contentType: 'text/plain',
    title: 'Notes on sleep',
    category: 'sensitive',
  });
}

async function add(
  play: DemoPlay,
  name: string,
  make: () => Uint8Array,
  described: Pick<NewDocument, 'contentType' | 'title' | 'kind' | 'category'>,
): Promise<void> {
  await play.steps.once(`patient adds ${name}`, async () => {
    const party = play.party('patient');
    const handle = await demoHandle(play, 'patient');
    const content = make();
    const once = await nameOfContent(party, handle, [content], 'demo');
    await addDocument(party, { handle, content, ...described, purpose: 'PATRQT', once });
  });
}
