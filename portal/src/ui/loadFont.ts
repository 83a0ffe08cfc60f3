import latin from '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2?url';
import { pathInPage, verifiedCode } from '../worker/workerUrl.ts';

/**
 * Loads the type of the portal under the page's pin: a node could give drawings of digits that show another dose. Until it
 * is there, and wherever it does not come, the page stands in the type of the device.
 */
export async function loadFont(): Promise<void> {
  try {
    const drawn = await verifiedCode(pathInPage(latin));
    const face = new FontFace('Atkinson Hyperlegible Next', drawn, { weight: '200 800' });
    document.fonts.add(await face.load());
  } catch {
    // The words are the same in any type.
  }
}
