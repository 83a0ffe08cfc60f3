import type { CodeReader } from './startCodeReader.ts';

/** Milliseconds between two looks: a hand moves no faster, and a telephone stays cool. */
const BETWEEN = 100;
/** Milliseconds that a look may take for further tries. */
const TIME = 120;

/** A video as browsers have it; the oldest do not tell of its pictures. */
type Watched = Omit<HTMLVideoElement, 'requestVideoFrameCallback'> & {
  readonly requestVideoFrameCallback?: (callback: () => void) => number;
};

/**
 * Looks for codes in what a camera shows, one picture after the other, until it is ended.
 *
 * @param video - Plays the camera's pictures.
 * @param read - Reads a picture.
 * @param options - Ends it, and hears each text, not trusted.
 * @throws Error if the reader fails; the signal's reason once it is ended.
 */
export async function watchCodes(
  video: HTMLVideoElement,
  read: CodeReader,
  { signal, onText }: { readonly signal: AbortSignal; readonly onText: (text: string) => void },
): Promise<void> {
  for (;;) {
    await nextPicture(video);
    signal.throwIfAborted();
    const text = await read({ picture: await createImageBitmap(video), time: TIME });
    signal.throwIfAborted();
    if (text !== undefined) onText(text);
    await new Promise((resolve) => {
      setTimeout(resolve, BETWEEN);
    });
  }
}

async function nextPicture(video: HTMLVideoElement): Promise<void> {
  const watched: Watched = video;
  await new Promise<void>((resolve) => {
    const seen = (): void => resolve();
    if (watched.requestVideoFrameCallback === undefined) requestAnimationFrame(seen);
    else watched.requestVideoFrameCallback(seen);
  });
}
