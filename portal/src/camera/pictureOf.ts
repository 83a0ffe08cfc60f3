import { SHOWN_IMAGES } from '../ui/shownImages.ts';
import { LONGEST_SIDE } from './readCode.ts';

/** Bytes and pixels of the largest picture that is opened: a photo of a telephone has fewer. */
const [MOST_BYTES, MOST_PIXELS] = [25_000_000, 60_000_000];

/**
 * Opens a picture that a person chose, as large as codes are looked for.
 *
 * @param file - The file, not trusted.
 * @returns The picture; undefined if the file is not a picture that the browser shows, or is too large.
 */
export async function pictureOf(file: Blob): Promise<ImageBitmap | undefined> {
  if (!SHOWN_IMAGES.includes(file.type) || file.size > MOST_BYTES) return undefined;
  const url = URL.createObjectURL(file);
  try {
    const image = await loaded(url);
    if (image === undefined) return undefined;
    const { naturalWidth: width, naturalHeight: height } = image;
    if (width * height === 0 || width * height > MOST_PIXELS) return undefined;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    const sized = (side: number): number => Math.max(1, Math.floor(side * scale));
    return await createImageBitmap(image, {
      resizeWidth: sized(width),
      resizeHeight: sized(height),
      resizeQuality: 'high',
    });
  } catch {
    // The browser could not decode it after all.
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The size of a picture is known before its pixels are unpacked. */
async function loaded(url: string): Promise<HTMLImageElement | undefined> {
  const image = new Image();
  return await new Promise((resolve) => {
    image.addEventListener('load', () => resolve(image), { once: true });
    image.addEventListener('error', () => resolve(undefined), { once: true });
    image.src = url;
  });
}
